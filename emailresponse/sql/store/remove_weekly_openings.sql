-- The version of that id loses its weekly openings.
DELETE FROM weekly_opening
WHERE schedule_id = $schedule_id
