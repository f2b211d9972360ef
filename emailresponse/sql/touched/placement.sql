-- One row per later observation of a copy at hand.
SELECT *
FROM placement
WHERE copy_key IN (SELECT copy_key FROM part_copy)
