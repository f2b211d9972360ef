-- One row per message of several copies: the copy that speaks for it (a known author before an unknown one, a
-- sent copy before a received one, then time, mailbox and provider id), and what all copies say together.
-- Partition key: message.
SELECT
    identity.message_no,
    first_value(present.copy_key) OVER ranked AS copy_key,
    bool_or(present.is_sent) OVER whole AS is_sent,
    min(present.copied_at) FILTER (present.is_sent) OVER whole AS first_sent_at,
    min(present.copied_at) FILTER (NOT present.is_sent) OVER whole AS first_inbound_at,
    min(present.copied_at) OVER whole AS first_at,
    bool_and(present.is_hidden) OVER whole AS is_hidden,
    bool_or(present.is_own_list) FILTER (NOT present.is_sent) OVER whole AS is_own_list,
    bool_and(present.is_bulk) FILTER (NOT present.is_sent) OVER whole AS is_bulk,
    bool_or(present.is_bulk) OVER whole AS is_bulk_anywhere,
    list_distinct(flatten(list(present.marks) FILTER (present.marks IS NOT NULL) OVER whole)) AS marks,
    max(present.size_bytes) FILTER (present.is_sent) OVER whole AS size_bytes
FROM part_present AS present
JOIN part_identity AS identity
    ON identity.copy_key = present.copy_key
WHERE identity.copies > 1
WINDOW
    whole AS (PARTITION BY identity.message_no),
    ranked AS (
        PARTITION BY identity.message_no
        ORDER BY present.author IS NULL, NOT present.is_sent, present.copied_at NULLS LAST,
            present.mailbox, present.provider_id
    )
QUALIFY row_number() OVER ranked = 1
