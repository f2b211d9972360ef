-- One row per message and thing that joins it to others: an id it carries or names, a provider's thread.
-- Ids that different mails carry join nothing, nor do e-mail addresses of the data that are no message's id; a Graph
-- conversation joins only messages that share an outside participant, a form's lead alone (metrics.md 1 and 2).
-- Partition key: token.
WITH participant AS (
    SELECT message_no, address
    FROM part_recipient
    WHERE NOT is_internal
        AND role <> 'delivered_to'
        AND message_no NOT IN (SELECT message_no FROM part_form_lead)
    UNION
    SELECT message_no, contact
    FROM part_message
    WHERE contact IS NOT NULL
)

SELECT message_no, id_hash AS token
FROM part_carried
UNION ALL
SELECT naming.message_no, naming.id_hash
FROM part_naming AS naming
WHERE naming.id_hash IN (SELECT id_hash FROM carried)
    OR (naming.address_hash NOT IN (SELECT hash(address) FROM address)
        AND naming.id_hash NOT IN (SELECT hash(message_id) FROM conflicted_id))
UNION ALL
SELECT DISTINCT identity.message_no, hash('thread', present.mailbox, present.provider_thread)
FROM part_present AS present
JOIN part_identity AS identity
    ON identity.copy_key = present.copy_key
WHERE present.provider_thread IS NOT NULL
    AND present.provider <> 'graph'
UNION ALL
SELECT DISTINCT
    identity.message_no,
    hash('conversation', present.mailbox, present.provider_thread, participant.address)
FROM part_present AS present
JOIN part_identity AS identity
    ON identity.copy_key = present.copy_key
JOIN participant
    ON participant.message_no = identity.message_no
WHERE present.provider_thread IS NOT NULL
    AND present.provider = 'graph'
