-- One row per copy that is of a message which a touched copy is of, or was of, too, and not touched yet.
SELECT identity.copy_key
FROM identity
WHERE identity.message_key IN (
        SELECT message_key
        FROM part_keyed
        UNION
        SELECT message_key
        FROM identity
        WHERE copy_key IN (SELECT copy_key FROM part_copy)
    )
    AND identity.copy_key NOT IN (SELECT copy_key FROM part_copy)
