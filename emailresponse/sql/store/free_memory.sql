-- No rows: the database may use as much memory as it does by default.
RESET GLOBAL memory_limit
