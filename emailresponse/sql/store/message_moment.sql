-- One row: when a message was received, or sent by us.
SELECT message_at
FROM message
WHERE message_key = $message_key
