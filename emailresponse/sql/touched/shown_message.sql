-- One row per message that passed between us and a touched company, with what a wait shows of it.
SELECT message_no, message_key, company, contact, credit, mailbox, is_form
FROM message
WHERE message_no IN (SELECT message_no FROM part_passed)
