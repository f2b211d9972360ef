-- One row: whether anything was ever derived.
SELECT count(*) > 0
FROM duckdb_tables()
WHERE table_name = 'wait'
    AND database_name = current_database()
