-- add_copies
-- One row per new copy of the batch.
INSERT INTO copy BY NAME
SELECT * EXCLUDE (is_new)
FROM incoming_copy
WHERE is_new
