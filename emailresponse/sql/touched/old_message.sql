-- One row per message of a touched conversation, as it was.
SELECT conversation.message_no
FROM conversation
JOIN part_old_component
    USING (component)
