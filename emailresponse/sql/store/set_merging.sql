-- One row per stored copy that is now allowed to merge with equal ones.
UPDATE copy
SET is_merging = true
WHERE copy_key IN (SELECT copy_key FROM merging_copy)
