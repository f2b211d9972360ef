-- One row per copy whose derivations are not up to date.
SELECT DISTINCT copy_key
FROM pending_copy
