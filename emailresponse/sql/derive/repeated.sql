-- One row per message of ours with hidden headers whose subject and size a mailbox sent so often in one day that
-- a machine may have written it (metrics.md 6). Partition key: mailbox and day.
WITH hidden AS (
    SELECT
        message_no,
        CAST(timezone($zone, timezone('UTC', message_at)) AS DATE) AS day,
        alike_no
    FROM message
    WHERE alike_no IS NOT NULL
        AND message_at IS NOT NULL
),

sent AS (
    SELECT hidden.message_no, copy.mailbox, hidden.day, hidden.alike_no
    FROM hidden
    JOIN identity
        ON identity.message_no = hidden.message_no
    JOIN copy
        ON copy.copy_key = identity.copy_key
    WHERE list_contains(copy.labels, 'SENT')
        OR copy.copy_key IN (SELECT copy_key FROM placement WHERE list_contains(labels, 'SENT'))
)

SELECT DISTINCT message_no
FROM sent
QUALIFY count(DISTINCT message_no) OVER (PARTITION BY mailbox, day, alike_no) >= $suspected_repeats
