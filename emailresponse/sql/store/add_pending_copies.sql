-- One row per copy whose derivations are to be made again.
INSERT INTO pending_copy
SELECT copy_key
FROM touched_copy
