-- One row: the limits by which a wait's state is told. Partition key: none, it is one row.
SELECT
    to_days(CAST($lapse_days AS INTEGER)) AS lapse,
    CAST($due_soon_share AS DOUBLE) AS due_soon_share
