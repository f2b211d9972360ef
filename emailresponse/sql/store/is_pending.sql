-- One row: whether facts came in that are not derived yet.
SELECT
    EXISTS (SELECT 1 FROM pending_copy)
    OR EXISTS (SELECT 1 FROM pending_rebuild)
