-- The stay that began that day ends on that day.
UPDATE membership
SET until_day = $until_day
WHERE person_id = $person_id
    AND team_id = $team_id
    AND from_day IS NOT DISTINCT FROM $from_day
