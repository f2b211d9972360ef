-- One row per touched copy, and per copy in the data that carries the Message-ID of one.
WITH alike AS (
    SELECT copy_key
    FROM identity
    WHERE id_hash IN (
        SELECT hash(message_id)
        FROM copy
        WHERE copy_key IN (SELECT copy_key FROM part_touched_copy)
            AND message_id IS NOT NULL
    )
)

SELECT copy.*
FROM copy
WHERE copy_key IN (
    SELECT copy_key FROM part_touched_copy
    UNION
    SELECT copy_key FROM alike
)
