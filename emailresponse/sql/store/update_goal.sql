-- The goal of that id says something else.
UPDATE goal
SET
    clock = $clock,
    seconds = $seconds,
    share = $share,
    from_day = $from_day,
    until_day = $until_day
WHERE goal_id = $goal_id
