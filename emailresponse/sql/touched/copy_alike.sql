-- One row per touched copy, and per copy that carries the Message-ID of one.
SELECT copy.*
FROM copy
WHERE copy_key IN (SELECT copy_key FROM part_touched_copy)
    OR message_id IN (
        SELECT message_id
        FROM copy
        WHERE copy_key IN (SELECT copy_key FROM part_touched_copy)
            AND message_id IS NOT NULL
    )
