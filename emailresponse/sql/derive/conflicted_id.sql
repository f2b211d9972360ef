-- One row per Message-ID that different mails carry: From, Date and Subject of two copies all differ.
-- Such an id joins nothing (metrics.md 1). Partition key: message id.
WITH shared AS (
    SELECT
        copy.message_id,
        hash(copy.from_address) AS from_hash,
        copy.sent_at,
        hash(copy.subject_digest) AS subject_hash
    FROM part_copy AS copy
    WHERE copy.copy_key IN (
        SELECT copy_key
        FROM part_present
        WHERE id_hash IN (SELECT id_hash FROM part_shared_id)
    )
),

suspect AS (
    SELECT message_id
    FROM shared
    GROUP BY message_id
    HAVING min(from_hash) <> max(from_hash)
        AND min(subject_hash) <> max(subject_hash)
        AND min(coalesce(sent_at, TIMESTAMP '0001-01-01')) <> max(coalesce(sent_at, TIMESTAMP '0001-01-01'))
),

suspected AS (
    SELECT DISTINCT *
    FROM shared
    WHERE message_id IN (SELECT message_id FROM suspect)
)

SELECT DISTINCT one.message_id, hash(one.message_id) AS id_hash
FROM suspected AS one
JOIN suspected AS other
    ON one.message_id = other.message_id
    AND one.from_hash <> other.from_hash
    AND one.sent_at IS DISTINCT FROM other.sent_at
    AND one.subject_hash <> other.subject_hash
