-- One row per copy whose row of a kept table is made anew.
SELECT copy_key
FROM part_copy
