-- No row: no copy at hand yet.
SELECT *
FROM copy
WHERE FALSE
