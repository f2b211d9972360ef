-- No row: no address met yet that no header named before.
SELECT CAST(NULL AS VARCHAR) AS address
WHERE FALSE
