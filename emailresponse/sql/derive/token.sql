-- One row per message and thing that joins it to others: an id it carries or names, a provider's thread.
-- Ids that different mails carry join nothing, nor do e-mail addresses of the data that are no message's id; a Graph
-- conversation joins only messages that share an outside participant, a form's lead alone (metrics.md 1 and 2).
-- Partition key: token.
WITH graph AS (
    SELECT DISTINCT message_no, thread_no
    FROM part_identity
    WHERE thread_no IS NOT NULL
        AND is_graph
),

participant AS (
    SELECT message_no, address_no
    FROM part_recipient
    WHERE NOT is_internal
        AND role <> 'delivered_to'
        AND message_no IN (SELECT message_no FROM graph)
        AND message_no NOT IN (SELECT message_no FROM part_message WHERE is_form)
    UNION
    SELECT message_no, hash(contact)
    FROM part_message
    WHERE contact IS NOT NULL
        AND message_no IN (SELECT message_no FROM graph)
)

SELECT message_no, id_hash AS token
FROM part_identity
WHERE id_hash IS NOT NULL
    AND is_joining
UNION ALL
SELECT message_no, id_hash
FROM part_naming
WHERE id_hash NOT IN (SELECT id_hash FROM part_barred_id)
UNION ALL
SELECT message_no, hash('thread', thread_no)
FROM part_identity
WHERE thread_no IS NOT NULL
    AND NOT is_graph
UNION ALL
SELECT graph.message_no, hash('conversation', graph.thread_no, participant.address_no)
FROM graph
JOIN participant
    ON participant.message_no = graph.message_no
