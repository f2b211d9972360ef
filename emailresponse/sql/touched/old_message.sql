-- One row per message of a touched conversation, as it was.
SELECT message_no
FROM conversation
WHERE component IN (SELECT component FROM part_old_component)
