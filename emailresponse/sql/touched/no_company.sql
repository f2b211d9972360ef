-- No row: no company touched yet.
SELECT CAST(NULL AS VARCHAR) AS company
WHERE FALSE
