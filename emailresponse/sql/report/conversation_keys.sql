-- One row per message of a conversation: its key.
SELECT message_key
FROM conversation
WHERE conversation = $conversation
ORDER BY position, message_key
