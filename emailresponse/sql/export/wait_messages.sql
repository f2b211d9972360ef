-- One row per message that opened, chased, closed or handed off a wait.
SELECT
    wait.wait_id,
    wait_message.opened_by,
    wait_message.message_key,
    wait_message.role
FROM wait_message
LEFT JOIN standing() AS wait
    ON wait.opened_by = wait_message.opened_by
ORDER BY wait_message.opened_by, wait_message.role, wait_message.message_key
