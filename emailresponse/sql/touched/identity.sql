-- One row per row of `identity` about a message of a touched conversation.
SELECT *
FROM identity
WHERE message_no IN (SELECT message_no FROM part_gone_message_no)
