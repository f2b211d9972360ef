-- One row per distinct time of the chosen waits on the asked clock: how many ended and how many were last seen waiting.
SELECT
    CAST(round(seconds * 1000000) AS BIGINT) AS us,
    count(*) FILTER (WHERE is_event) AS ended,
    count(*) FILTER (WHERE NOT is_event) AS censored
FROM chosen_wait
WHERE is_counted
  AND seconds IS NOT NULL
GROUP BY ALL
ORDER BY us
