-- One row per row of `naming` about a message of a touched conversation.
SELECT *
FROM naming
WHERE message_no IN (SELECT message_no FROM part_gone_message_no)
