-- One row per inbound message: the persons it is addressed to, each named in To; by Bcc or Delivered-To only if
-- one; where nobody of ours is named at all, the owners of the mailboxes that hold it (metrics.md 2 and 8).
-- Partition key: message.
WITH named AS (
    SELECT
        message_no,
        list(DISTINCT person_id ORDER BY person_id) FILTER (role = 'to' AND person_id IS NOT NULL) AS people,
        list(DISTINCT person_id) FILTER (role IN ('bcc', 'delivered_to') AND person_id IS NOT NULL) AS unseen,
        bool_or(role <> 'delivered_to') AS is_named
    FROM part_recipient
    WHERE is_tracked
    GROUP BY message_no
),

held AS (
    SELECT identity.message_no, list(DISTINCT mailbox.owner_id ORDER BY mailbox.owner_id) AS people
    FROM part_identity AS identity
    JOIN part_message AS message
        ON message.message_no = identity.message_no
    JOIN part_present AS present
        ON present.copy_key = identity.copy_key
    JOIN mailbox
        ON mailbox.mailbox = present.mailbox
    WHERE message.direction = 'inbound'
        AND NOT present.is_sent
        AND mailbox.owner_id IS NOT NULL
    GROUP BY identity.message_no
)

SELECT
    message.message_no,
    coalesce(
        named.people,
        CASE WHEN named.is_named IS DISTINCT FROM TRUE THEN held.people END,
        CASE WHEN len(named.unseen) = 1 THEN named.unseen END
    ) AS people
FROM part_message AS message
LEFT JOIN named
    ON named.message_no = message.message_no
LEFT JOIN held
    ON held.message_no = message.message_no
WHERE message.direction = 'inbound'
