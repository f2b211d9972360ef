-- No row: no day touched yet.
SELECT CAST(NULL AS DATE) AS day
WHERE FALSE
