-- One row: the digest of what derived the tables as they stand.
CREATE OR REPLACE TABLE derived_by AS
SELECT
    $digest AS digest
