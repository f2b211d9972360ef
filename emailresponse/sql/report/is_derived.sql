-- One row: whether anything was ever derived.
SELECT EXISTS (
    SELECT 1
    FROM duckdb_tables()
    WHERE table_name = 'wait'
      AND database_name = current_database()
) AS is_derived
