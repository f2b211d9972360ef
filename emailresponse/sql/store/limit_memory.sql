-- No rows: the database keeps to so much memory from now on, e.g. 128MB.
SET GLOBAL memory_limit = $limit
