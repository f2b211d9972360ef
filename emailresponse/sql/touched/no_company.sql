-- No row: no company touched yet.
SELECT CAST(NULL AS UBIGINT) AS company_no
WHERE FALSE
