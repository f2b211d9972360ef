-- The version of that id says something else.
UPDATE schedule
SET
    zone = $zone,
    from_day = $from_day,
    until_day = $until_day,
    country = $country,
    region = $region
WHERE schedule_id = $schedule_id
