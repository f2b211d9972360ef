-- One row: a weekly opening of a schedule.
INSERT INTO weekly_opening
VALUES ($schedule_id, $weekday, $opens_minute, $closes_minute)
