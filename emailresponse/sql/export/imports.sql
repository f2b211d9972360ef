-- One row per import run.
SELECT
    run_id,
    source,
    started_at,
    ended_at,
    read_count,
    stored_count,
    known_count,
    refused_count
FROM import_run
ORDER BY run_id
