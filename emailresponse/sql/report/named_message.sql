-- One row per message that a wait's id or a message key names: the key, its conversation and, by the id, the wait.
WITH called AS (
    SELECT
        wait_id,
        opened_by
    FROM standing()
    WHERE wait_id = $name
)
SELECT
    conversation.message_key,
    conversation.conversation,
    called.wait_id
FROM conversation
JOIN called
    ON called.opened_by = conversation.message_key
UNION ALL
SELECT
    message_key,
    conversation,
    NULL AS wait_id
FROM conversation
WHERE message_key = $key
ORDER BY wait_id NULLS LAST, message_key
LIMIT 1
