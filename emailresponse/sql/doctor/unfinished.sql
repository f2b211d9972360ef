-- One row per source whose latest import run began and never ended; uploads to the pages are one source.
SELECT
    CASE WHEN starts_with(source, 'upload ') THEN 'an upload' ELSE source END AS name,
    max(stored_count) AS count
FROM import_run
GROUP BY name
HAVING arg_max(ended_at IS NULL, run_id)
ORDER BY name
