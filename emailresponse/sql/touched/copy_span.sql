-- One row per block of rows of the table of copies that holds copies to be read: the first and the last of them by
-- their place in the table.
SELECT min(rowid), max(rowid)
FROM copy
WHERE copy_key IN (SELECT copy_key FROM part_read_copy)
GROUP BY rowid // 122880
