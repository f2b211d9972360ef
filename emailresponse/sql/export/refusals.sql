-- One row per part of a source that could not be kept.
SELECT
    run_id,
    source,
    position,
    reason
FROM refusal
ORDER BY run_id, source, position, reason
