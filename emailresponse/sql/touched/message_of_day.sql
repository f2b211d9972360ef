-- One row per message of a touched day.
SELECT message.*
FROM message
JOIN part_gone_day AS touched
    ON touched.day = CAST(timezone($zone, timezone('UTC', message.message_at)) AS DATE)
WHERE message.message_at >= (SELECT min(day) FROM part_gone_day) - to_days(2)
    AND message.message_at < (SELECT max(day) FROM part_gone_day) + to_days(2)
