-- One row per class with a goal of the workspace in force on a day: the one on the asked clock before another.
SELECT
    class,
    clock,
    seconds,
    share
FROM goal
WHERE scope = 'workspace'
  AND (from_day IS NULL OR from_day <= $on_day::DATE)
  AND (until_day IS NULL OR until_day >= $on_day::DATE)
QUALIFY row_number() OVER (PARTITION BY class ORDER BY clock <> $clock, from_day DESC NULLS LAST, goal_id DESC) = 1
ORDER BY class
