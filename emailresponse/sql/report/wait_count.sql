-- One row: how many waits are chosen.
SELECT count(*) AS waits
FROM chosen($asked)
