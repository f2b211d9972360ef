-- One row per local day whose count of messages is another one now.
SELECT DISTINCT CAST(timezone($zone, timezone('UTC', message_at)) AS DATE) AS day
FROM (
    (FROM part_old_counted EXCEPT FROM part_new_counted)
    UNION ALL
    (FROM part_new_counted EXCEPT FROM part_old_counted)
)
WHERE message_at IS NOT NULL
