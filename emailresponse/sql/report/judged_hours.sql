-- One row per local weekday and hour of the chosen waits: how many are judged and how many met their goal.
WITH judged AS (
    SELECT
        timezone($zone, make_timestamptz(epoch_us(opened_at))) AS local_at,
        is_met
    FROM chosen($asked)
    WHERE is_judged
)

SELECT
    isodow(local_at) AS weekday,
    hour(local_at) AS hour,
    count(*) AS judged,
    count(*) FILTER (WHERE is_met) AS met
FROM judged
GROUP BY ALL
ORDER BY weekday, hour
