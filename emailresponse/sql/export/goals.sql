-- One row per goal that was set.
SELECT
    goal_id,
    scope,
    scope_id,
    class,
    clock,
    seconds,
    share,
    from_day,
    until_day
FROM goal
ORDER BY goal_id
