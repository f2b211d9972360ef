-- One row per message that passed between us and a touched company, or is a note in a conversation with one.
SELECT message_no
FROM part_touch
UNION
SELECT message_no
FROM part_note
