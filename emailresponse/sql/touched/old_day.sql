-- One row per local day on which a message of a touched conversation was.
SELECT CAST(timezone($zone, timezone('UTC', message_at)) AS DATE) AS day
FROM message
WHERE message_no IN (SELECT message_no FROM part_old_message)
    AND message_at IS NOT NULL
UNION
SELECT day
FROM part_old_day
