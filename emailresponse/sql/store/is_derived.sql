-- One row: whether anything was ever derived, and it is known by which statements.
SELECT EXISTS (
    SELECT 1
    FROM duckdb_tables()
    WHERE table_name = 'derived_by'
        AND database_name = current_database()
)
