-- One row per message of ours with hidden headers whose subject and size a mailbox sent so often in one day that
-- a machine may have written it (metrics.md 6). Partition key: mailbox and day.
WITH sent AS (
    SELECT
        message.message_no,
        copy.mailbox,
        CAST(timezone($zone, timezone('UTC', message.message_at)) AS DATE) AS day,
        message.subject_digest,
        message.size_bytes
    FROM message
    JOIN identity
        ON identity.message_no = message.message_no
    JOIN copy
        ON copy.copy_key = identity.copy_key
    WHERE message.is_ours
        AND message.is_hidden
        AND message.message_at IS NOT NULL
        AND (list_contains(copy.labels, 'SENT')
            OR copy.copy_key IN (SELECT copy_key FROM placement WHERE list_contains(labels, 'SENT')))
)

SELECT DISTINCT message_no
FROM sent
QUALIFY count(DISTINCT message_no) OVER (PARTITION BY mailbox, day, subject_digest, size_bytes) >= $suspected_repeats
