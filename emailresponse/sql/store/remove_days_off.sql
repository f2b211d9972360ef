-- The version of that id loses its days off.
DELETE FROM day_off
WHERE schedule_id = $schedule_id
