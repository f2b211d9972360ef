-- One row per inbound message: the persons it is addressed to, each named in To; by Bcc or Delivered-To only if
-- one; where nobody of ours is named at all, the owners of the mailboxes that hold it (metrics.md 2 and 8).
-- Partition key: message.
WITH named AS (
    SELECT
        message_no,
        list(person_id) FILTER (role = 'to' AND person_id IS NOT NULL) AS people,
        list(person_id) FILTER (role IN ('bcc', 'delivered_to') AND person_id IS NOT NULL) AS unseen,
        bool_or(role <> 'delivered_to') AS is_named
    FROM part_recipient
    WHERE is_tracked
    GROUP BY message_no
),

unnamed AS (
    SELECT message.message_no
    FROM part_message AS message
    LEFT JOIN named
        ON named.message_no = message.message_no
    WHERE message.direction = 'inbound'
        AND named.is_named IS DISTINCT FROM TRUE
),

held AS (
    SELECT identity.message_no, list(DISTINCT mailbox.owner_id) AS people
    FROM unnamed
    JOIN part_identity AS identity
        ON identity.message_no = unnamed.message_no
    JOIN part_present AS present
        ON present.copy_key = identity.copy_key
    JOIN mailbox
        ON mailbox.mailbox = present.mailbox
    WHERE NOT present.is_sent
        AND mailbox.owner_id IS NOT NULL
    GROUP BY identity.message_no
),

chosen AS (
    SELECT
        message.message_no,
        coalesce(
            named.people,
            held.people,
            CASE WHEN len(list_distinct(named.unseen)) = 1 THEN named.unseen END
        ) AS people
    FROM part_message AS message
    LEFT JOIN named
        ON named.message_no = message.message_no
    LEFT JOIN held
        ON held.message_no = message.message_no
    WHERE message.direction = 'inbound'
)

SELECT
    message_no,
    CASE WHEN len(people) > 1 THEN list_sort(list_distinct(people)) ELSE people END AS people
FROM chosen
WHERE people IS NOT NULL
