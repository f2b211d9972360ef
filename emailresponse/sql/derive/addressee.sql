-- One row per wait's opener: the persons it is addressed to, each named in To; by Bcc or Delivered-To only if
-- one; where nobody of ours is named at all, the owners of the mailboxes that hold it (metrics.md 2 and 8).
-- Partition key: message.
WITH named AS (
    SELECT
        recipient.message_no,
        list(recipient.person_id) FILTER (recipient.role = 'to' AND recipient.person_id IS NOT NULL) AS people,
        list(recipient.person_id) FILTER (recipient.role IN ('bcc', 'delivered_to')
            AND recipient.person_id IS NOT NULL) AS unseen,
        bool_or(recipient.role <> 'delivered_to') AS is_named
    FROM recipient
    WHERE recipient.is_tracked
        AND recipient.message_no IN (SELECT message_no FROM part_closed_wait)
    GROUP BY recipient.message_no
),

held AS (
    SELECT identity.message_no, list(DISTINCT mailbox.owner_id) AS people
    FROM part_closed_wait AS wait
    LEFT JOIN named
        ON named.message_no = wait.message_no
    JOIN identity
        ON identity.message_no = wait.message_no
    JOIN copy
        ON copy.copy_key = identity.copy_key
    JOIN mailbox
        ON mailbox.mailbox = copy.mailbox
    WHERE named.is_named IS DISTINCT FROM TRUE
        AND mailbox.owner_id IS NOT NULL
    GROUP BY identity.message_no
),

chosen AS (
    SELECT
        wait.message_no,
        coalesce(
            named.people,
            held.people,
            CASE WHEN len(list_distinct(named.unseen)) = 1 THEN named.unseen END
        ) AS people
    FROM part_closed_wait AS wait
    LEFT JOIN named
        ON named.message_no = wait.message_no
    LEFT JOIN held
        ON held.message_no = wait.message_no
)

SELECT
    message_no,
    CASE WHEN len(people) > 1 THEN list_sort(list_distinct(people)) ELSE people END AS people
FROM chosen
WHERE people IS NOT NULL
