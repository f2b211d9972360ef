-- One row per touched copy, and per copy of a message of a touched conversation.
SELECT copy.*
FROM copy
WHERE copy_key IN (SELECT copy_key FROM part_touched_copy)
    OR copy_key IN (
        SELECT copy_key
        FROM identity
        WHERE message_no IN (SELECT message_no FROM part_old_message)
    )
