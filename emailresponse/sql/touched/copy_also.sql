-- One row per copy that is of a message which a touched copy is of, too, and not touched yet.
SELECT identity.copy_key
FROM identity
WHERE identity.message_key IN (SELECT message_key FROM part_keyed)
    AND identity.copy_key NOT IN (SELECT copy_key FROM part_copy)
