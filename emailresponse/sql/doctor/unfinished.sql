-- One row per source whose latest import run began and never ended.
SELECT
    source AS name,
    max(stored_count) AS count
FROM import_run
GROUP BY source
HAVING arg_max(ended_at IS NULL, run_id)
ORDER BY name
