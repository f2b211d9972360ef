-- One row per message of several copies: the copy that speaks for it (a known author before an unknown one, a
-- sent copy before a received one, then time, mailbox and provider id), and what all copies say together.
-- Partition key: message.
WITH held AS (
    SELECT identity.message_no, identity.copies, present.*
    FROM part_present AS present
    JOIN part_identity AS identity
        ON identity.copy_key = present.copy_key
    WHERE identity.copies > 1
),

first_copy AS (
    SELECT held.message_no, held.copy_key, held.author_no, held.is_rewritten
    FROM held
    JOIN (SELECT copy_key, mailbox, provider_id FROM part_copy) AS copy
        ON copy.copy_key = held.copy_key
    QUALIFY row_number() OVER (
        PARTITION BY held.message_no
        ORDER BY held.author_no IS NULL, NOT held.is_sent, held.copied_at NULLS LAST,
            copy.mailbox, copy.provider_id
    ) = 1
),

whole AS (
    SELECT
        message_no,
        any_value(copies) AS copies,
        bool_or(is_sent) AS is_sent,
        min(copied_at) FILTER (is_sent) AS first_sent_at,
        min(copied_at) FILTER (NOT is_sent) AS first_inbound_at,
        min(copied_at) AS first_at,
        bool_and(is_hidden) AS is_hidden,
        coalesce(bool_or(is_own_list) FILTER (NOT is_sent), FALSE) AS is_own_list,
        coalesce(bool_and(is_bulk) FILTER (NOT is_sent), FALSE) AS is_bulk,
        bool_or(is_bulk) AS is_bulk_anywhere,
        list_distinct(flatten(list(marks) FILTER (marks IS NOT NULL))) AS marks,
        max(size_bytes) FILTER (is_sent) AS size_bytes
    FROM held
    GROUP BY message_no
)

SELECT
    whole.*,
    first_copy.copy_key,
    first_copy.author_no,
    first_copy.is_rewritten
FROM whole
JOIN first_copy
    ON first_copy.message_no = whole.message_no
