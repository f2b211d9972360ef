-- One row: the times of the chosen waits in microseconds, of those that ended and of those last seen waiting.
SELECT
    coalesce(list(CAST(round(seconds * 1000000) AS BIGINT)) FILTER (WHERE is_event), []) AS ended_us,
    coalesce(list(CAST(round(seconds * 1000000) AS BIGINT)) FILTER (WHERE NOT is_event), []) AS waiting_us
FROM chosen($asked)
WHERE is_counted
  AND seconds IS NOT NULL
