-- One row per local day on which a touched message was, or is.
SELECT day
FROM part_old_day
UNION
SELECT CAST(timezone($zone, timezone('UTC', message_at)) AS DATE)
FROM part_message
WHERE message_at IS NOT NULL
