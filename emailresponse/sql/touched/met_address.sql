-- One row per address, by its number, that no header named before this run.
SELECT address_no
FROM part_met_address
UNION
SELECT address_no
FROM part_new_address
