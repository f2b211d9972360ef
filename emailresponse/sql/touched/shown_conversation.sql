-- One row per row of `conversation` about a message that passed between us and a touched company.
SELECT message_no, conversation
FROM conversation
WHERE message_no IN (SELECT message_no FROM part_passed)
