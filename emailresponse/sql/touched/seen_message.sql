-- One row per message that this run has put in place of its old row.
SELECT message_no
FROM part_gone_message_no
