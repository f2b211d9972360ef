-- One row per row of `identity` about a message that passed between us and a touched company.
SELECT message_no, copy_key
FROM identity
WHERE message_no IN (SELECT message_no FROM part_passed)
