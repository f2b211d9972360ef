-- One row: the digest of what derived the tables as they stand, and the run that did.
CREATE OR REPLACE TABLE derived_by AS
SELECT
    $digest AS digest,
    $run_id AS run_id
