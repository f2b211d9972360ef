-- One row per host of ours that no header named before.
SELECT *
FROM part_own_host
WHERE host NOT IN (SELECT host FROM own_host)
