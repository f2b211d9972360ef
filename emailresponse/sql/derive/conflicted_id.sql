-- One row per Message-ID that different mails carry: From, Date and Subject of two copies all differ.
-- Such an id joins nothing (metrics.md 1). Partition key: message id.
WITH suspect AS (
    SELECT message_id
    FROM part_present
    WHERE message_id IS NOT NULL
    GROUP BY message_id
    HAVING min(coalesce(from_address, '')) <> max(coalesce(from_address, ''))
        AND min(coalesce(subject_digest, '')) <> max(coalesce(subject_digest, ''))
        AND min(coalesce(sent_at, TIMESTAMP '0001-01-01')) <> max(coalesce(sent_at, TIMESTAMP '0001-01-01'))
),

suspected AS (
    SELECT message_id, from_address, sent_at, subject_digest
    FROM part_present
    WHERE message_id IN (SELECT message_id FROM suspect)
)

SELECT DISTINCT one.message_id
FROM suspected AS one
JOIN suspected AS other
    ON one.message_id = other.message_id
    AND one.from_address IS DISTINCT FROM other.from_address
    AND one.sent_at IS DISTINCT FROM other.sent_at
    AND one.subject_digest IS DISTINCT FROM other.subject_digest
