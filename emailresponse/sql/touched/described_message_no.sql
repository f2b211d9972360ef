-- One row per message that a touched copy was of, or is of now.
SELECT message_no
FROM identity
WHERE copy_key IN (SELECT copy_key FROM part_copy)
UNION
SELECT message_no
FROM part_identity
