-- One row per copy that is of a message which a touched copy is of, or was of, too, and not touched yet.
WITH found AS (
    SELECT copy_key
    FROM identity
    WHERE message_no IN (
        SELECT message_no
        FROM identity
        WHERE copy_key IN (SELECT copy_key FROM part_copy)
    )
    UNION
    SELECT copy_key
    FROM identity
    WHERE key_hash IN (SELECT hash(message_key) FROM part_keyed)
)

SELECT copy_key
FROM found
WHERE copy_key NOT IN (SELECT copy_key FROM part_copy)
