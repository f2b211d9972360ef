-- One row per wait's opener: the persons it is addressed to, each named in To; by Bcc or Delivered-To only if
-- one; where nobody of ours is named at all, the owners of the mailboxes that hold it (metrics.md 2 and 8).
-- Partition key: message.
WITH opener AS (
    SELECT message_no
    FROM part_closed_wait
),

named AS (
    SELECT
        recipient.message_no,
        list(address.person_id) FILTER (recipient.role = 'to' AND address.person_id IS NOT NULL) AS people,
        list(address.person_id) FILTER (recipient.role IN ('bcc', 'delivered_to')
            AND address.person_id IS NOT NULL) AS unseen,
        bool_or(recipient.role <> 'delivered_to') AS is_named
    FROM part_recipient AS recipient
    JOIN address
        ON address.address_no = recipient.address_no
    WHERE recipient.is_tracked
        AND recipient.message_no IN (SELECT message_no FROM opener)
    GROUP BY recipient.message_no
),

unnamed AS (
    SELECT message_no
    FROM opener
    WHERE message_no NOT IN (SELECT message_no FROM named WHERE is_named)
),

kept AS (
    SELECT message_no, copy_key
    FROM part_identity
    WHERE message_no IN (SELECT message_no FROM unnamed)
),

held AS (
    SELECT kept.message_no, list(DISTINCT mailbox.owner_id) AS people
    FROM kept
    JOIN copy
        ON copy.copy_key = kept.copy_key
    JOIN mailbox
        ON mailbox.mailbox = copy.mailbox
    WHERE mailbox.owner_id IS NOT NULL
    GROUP BY kept.message_no
),

chosen AS (
    SELECT
        opener.message_no,
        coalesce(
            named.people,
            held.people,
            CASE WHEN len(named.unseen) = 1 OR len(list_distinct(named.unseen)) = 1 THEN named.unseen END
        ) AS people
    FROM opener
    LEFT JOIN named
        ON named.message_no = opener.message_no
    LEFT JOIN held
        ON held.message_no = opener.message_no
)

SELECT
    message_no,
    CASE WHEN len(people) > 1 THEN list_sort(list_distinct(people)) ELSE people END AS people
FROM chosen
WHERE people IS NOT NULL
