-- One row: the first and the last local day with a human message.
SELECT
    min(day) AS first_day,
    max(day) AS last_day
FROM volume
