-- One row per touched copy, with those found since.
SELECT copy_key
FROM part_copy
UNION
SELECT copy_key
FROM part_also_copy
