-- One row per row of `recipient` about a message that passed between us and a touched company.
SELECT *
FROM recipient
WHERE message_no IN (SELECT message_no FROM part_passed)
