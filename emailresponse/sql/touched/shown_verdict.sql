-- One row per row of `verdict` about a message that passed between us and a touched company.
SELECT message_no, rule
FROM verdict
WHERE message_no IN (SELECT message_no FROM part_passed)
