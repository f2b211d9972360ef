-- One row per wait's opener: the persons it is addressed to, each named in To; by Bcc or Delivered-To only if
-- one; where nobody of ours is named at all, the owners of the mailboxes that hold it (metrics.md 2 and 8).
-- Partition key: message.
WITH opener AS (
    SELECT message_no
    FROM part_closed_wait
),

told AS (
    SELECT recipient.message_no, recipient.role, recipient.address_no, address.person_id IS NOT NULL AS is_person
    FROM part_recipient AS recipient
    JOIN address
        ON address.address_no = recipient.address_no
    WHERE recipient.is_tracked
        AND recipient.message_no IN (SELECT message_no FROM opener)
),

counted AS (
    SELECT
        message_no,
        min(address_no) FILTER (role = 'to' AND is_person) AS first_no,
        max(address_no) FILTER (role = 'to' AND is_person) AS last_no,
        min(address_no) FILTER (role IN ('bcc', 'delivered_to') AND is_person) AS first_unseen_no,
        max(address_no) FILTER (role IN ('bcc', 'delivered_to') AND is_person) AS last_unseen_no,
        bool_or(role <> 'delivered_to') AS is_named
    FROM told
    GROUP BY message_no
),

-- Nearly every message names one address alone in a role; only the others' persons are listed.
listed AS (
    SELECT
        told.message_no,
        list(address.person_id) FILTER (told.role = 'to') AS people,
        list(address.person_id) FILTER (told.role IN ('bcc', 'delivered_to')) AS unseen
    FROM told
    JOIN address
        ON address.address_no = told.address_no
    WHERE told.is_person
        AND told.message_no IN (
            SELECT message_no
            FROM counted
            WHERE first_no <> last_no
                OR (first_no IS NULL AND first_unseen_no <> last_unseen_no)
        )
    GROUP BY told.message_no
),

named AS (
    SELECT
        counted.message_no,
        counted.is_named,
        CASE WHEN counted.first_no = counted.last_no THEN [only_one.person_id] ELSE listed.people END AS people,
        CASE WHEN counted.first_unseen_no = counted.last_unseen_no THEN [unseen_one.person_id]
            ELSE listed.unseen END AS unseen
    FROM counted
    LEFT JOIN listed
        ON listed.message_no = counted.message_no
    LEFT JOIN address AS only_one
        ON only_one.address_no = counted.first_no
    LEFT JOIN address AS unseen_one
        ON unseen_one.address_no = counted.first_unseen_no
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
