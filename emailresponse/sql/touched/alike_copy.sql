-- One row per copy in the data that carries the Message-ID of a copy at hand and is not at hand itself.
SELECT copy_key
FROM identity
WHERE id_hash IN (SELECT hash(message_id) FROM part_copy WHERE message_id IS NOT NULL)
    AND copy_key NOT IN (SELECT copy_key FROM part_copy)
