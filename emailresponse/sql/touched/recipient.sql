-- One row per row of `recipient` about a message of a touched conversation.
SELECT *
FROM recipient
WHERE message_no IN (SELECT message_no FROM part_gone_message_no)
