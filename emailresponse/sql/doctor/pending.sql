-- One row: how many copies are not derived yet, and for how many reasons everything is to be derived again.
SELECT
    (SELECT count(*) FROM pending_copy) AS copies,
    (SELECT count(*) FROM pending_rebuild) AS reasons
