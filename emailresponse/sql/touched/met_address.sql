-- One row per address that no header named before this run.
SELECT address
FROM part_met_address
UNION
SELECT address
FROM part_new_address
