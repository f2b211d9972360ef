-- One row per Message-ID that a touched copy carries.
SELECT DISTINCT message_id
FROM part_copy
WHERE message_id IS NOT NULL
