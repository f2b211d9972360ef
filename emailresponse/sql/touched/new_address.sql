-- One row per address that no header named before.
SELECT *
FROM part_address
WHERE address_no NOT IN (
    SELECT address_no
    FROM address
    WHERE address_no IN (SELECT address_no FROM part_address)
)
