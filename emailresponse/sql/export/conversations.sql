-- One row per message: its conversation, segment and place.
SELECT
    message_key,
    conversation,
    segment,
    position
FROM conversation
ORDER BY conversation, position, message_key
