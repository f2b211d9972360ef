-- One row per row of `decision` about a message of a touched conversation.
SELECT *
FROM decision
WHERE message_no IN (SELECT message_no FROM part_gone_message_no)
