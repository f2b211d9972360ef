-- One row: the run that derived the tables as they stand.
SELECT run_id
FROM derived_by
