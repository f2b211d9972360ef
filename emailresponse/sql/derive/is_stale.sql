-- One row: whether facts came in that are not derived yet, or nothing was ever derived.
SELECT
    EXISTS (SELECT 1 FROM pending_copy)
    OR EXISTS (SELECT 1 FROM pending_rebuild)
    OR NOT EXISTS (SELECT 1 FROM duckdb_tables() WHERE table_name = 'wait' AND database_name = current_database())
