-- One row per part that a message has in one of the asked waits.
SELECT
    wait_message.message_key,
    wait_message.role,
    wait_message.opened_by
FROM wait_message
WHERE list_contains($openers::VARCHAR[], wait_message.opened_by)
ORDER BY wait_message.opened_by, wait_message.message_key, wait_message.role
