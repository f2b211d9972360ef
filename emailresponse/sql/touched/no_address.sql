-- No row: no address met yet that no header named before.
SELECT CAST(NULL AS UBIGINT) AS address_no
WHERE FALSE
