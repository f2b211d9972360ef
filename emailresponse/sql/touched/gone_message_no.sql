-- One row per message of a touched conversation, as it was or is now.
SELECT message_no
FROM part_old_message
UNION
SELECT message_no
FROM part_described_message_no
