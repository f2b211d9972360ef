-- One row per goal with its bounds in UTC, the default ones included. Partition key: goal.
SELECT
    scope,
    scope_id,
    class,
    clock,
    seconds,
    share,
    coalesce(timezone('UTC', timezone($zone, CAST(from_day AS TIMESTAMP))), TIMESTAMP '0001-01-01') AS from_at,
    coalesce(timezone('UTC', timezone($zone, CAST(until_day + 1 AS TIMESTAMP))), TIMESTAMP '9999-01-01') AS until_at
FROM goal_rows
