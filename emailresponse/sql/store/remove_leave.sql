-- The person's leave that begins that day is taken back.
DELETE FROM leave
WHERE person_id = $person_id
    AND from_day = $from_day
