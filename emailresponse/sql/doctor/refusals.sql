-- One row per source that could not be kept whole when it was last read: how many parts, and the first one's reason.
-- Uploads to the pages are one source.
WITH run AS (
    SELECT
        CASE WHEN starts_with(source, 'upload ') THEN 'an upload' ELSE source END AS source,
        run_id,
        refused_count
    FROM import_run
),

latest AS (
    SELECT
        source,
        max(run_id) AS run_id,
        arg_max(refused_count, run_id) AS refused_count
    FROM run
    GROUP BY source
)

SELECT
    latest.source
        || coalesce(' at ' || min(refusal.position) || ': ' || arg_min(refusal.reason, refusal.position), '') AS name,
    max(latest.refused_count) AS count
FROM latest
LEFT JOIN refusal
    ON refusal.run_id = latest.run_id
WHERE latest.refused_count > 0
GROUP BY latest.source
ORDER BY count DESC, name
