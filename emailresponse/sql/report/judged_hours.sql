-- One row per local weekday and hour of the chosen waits: how many are judged and how many met their goal.
SELECT
    isodow(timezone($zone, timezone('UTC', opened_at))) AS weekday,
    hour(timezone($zone, timezone('UTC', opened_at))) AS hour,
    count(*) AS judged,
    count(*) FILTER (WHERE is_met) AS met
FROM chosen_wait
WHERE is_judged
GROUP BY ALL
ORDER BY weekday, hour
