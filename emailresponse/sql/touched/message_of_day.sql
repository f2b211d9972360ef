-- One row per message of a touched day.
SELECT message_no, message_at, mailbox, credit, direction, is_ours
FROM message
WHERE message_at >= (SELECT min(day) FROM part_gone_day) - to_days(2)
    AND message_at < (SELECT max(day) FROM part_gone_day) + to_days(2)
    AND CAST(timezone($zone, timezone('UTC', message_at)) AS DATE) IN (SELECT day FROM part_gone_day)
