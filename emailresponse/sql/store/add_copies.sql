-- One row per new copy of the batch.
INSERT INTO copy BY NAME
SELECT *
FROM incoming_copy
