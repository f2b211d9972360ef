-- One row: the first and the last moment of any message.
-- Partition key: none.
SELECT min(copied_at), max(copied_at)
FROM part_copy
