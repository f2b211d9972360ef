-- One row per goal.
SELECT
    goal_id,
    scope,
    scope_id,
    class AS wait_class,
    clock,
    seconds,
    share,
    from_day,
    until_day
FROM goal
ORDER BY scope, scope_id, wait_class, from_day NULLS FIRST, goal_id
