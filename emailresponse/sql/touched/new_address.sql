-- One row per address that no header named before.
SELECT *
FROM part_address
WHERE address NOT IN (SELECT address FROM address)
