-- One row per message of a touched conversation, as the volumes counted it before this run.
SELECT message.message_no, message.message_at, message.mailbox, message.credit, message.direction, verdict.verdict
FROM message
JOIN verdict
    ON verdict.message_no = message.message_no
WHERE message.message_no IN (
    SELECT message_no
    FROM part_old_message
    WHERE message_no NOT IN (SELECT message_no FROM part_seen_message)
)
UNION ALL
FROM part_old_counted
