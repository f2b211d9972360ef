-- One row per message whose row of a kept table is made anew.
SELECT message_no
FROM part_old_message
UNION
SELECT message_no
FROM part_identity
