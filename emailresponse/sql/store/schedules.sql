-- One row per version of a schedule with its weekly openings and its days off.
WITH weekly AS (
    SELECT
        schedule_id,
        list([weekday, opens_minute, closes_minute] ORDER BY weekday, opens_minute) AS hours
    FROM weekly_opening
    GROUP BY schedule_id
),
absent AS (
    SELECT
        schedule_id,
        list({'day': day, 'name': name} ORDER BY day, name) AS days_off
    FROM day_off
    GROUP BY schedule_id
)
SELECT
    schedule_id,
    scope,
    scope_id,
    zone,
    from_day,
    until_day,
    country,
    region,
    coalesce(hours, []) AS hours,
    coalesce(days_off, []) AS days_off
FROM schedule
LEFT JOIN weekly USING (schedule_id)
LEFT JOIN absent USING (schedule_id)
ORDER BY scope, scope_id, from_day NULLS FIRST, schedule_id
