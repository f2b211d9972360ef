-- One row per message that a wait's id or a message key names: the key, its conversation and, by the id, the wait.
SELECT
    conversation.message_key,
    conversation.conversation,
    wait.wait_id
FROM conversation
LEFT JOIN standing() AS wait
    ON wait.opened_by = conversation.message_key
    AND wait.wait_id = $name
WHERE conversation.message_key = $key
   OR conversation.message_key = (SELECT opened_by FROM standing() WHERE wait_id = $name)
ORDER BY wait.wait_id IS NULL, conversation.message_key
LIMIT 1
