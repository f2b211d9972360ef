-- One row per day off of a schedule.
INSERT INTO day_off
SELECT
    $schedule_id,
    unnest($days),
    unnest($names)
