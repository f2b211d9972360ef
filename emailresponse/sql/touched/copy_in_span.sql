-- One row per copy to be read, between two places of the table. Bounds are told beforehand, for a scan that looks
-- for keys alone reads the whole width of all rows.
SELECT *
FROM copy
WHERE rowid BETWEEN $first AND $last
    AND copy_key IN (SELECT copy_key FROM part_read_copy)
