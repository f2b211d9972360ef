-- One row: how many copies were found since.
SELECT count(*)
FROM part_also_copy
