-- One row per touched message, as the volumes are to count it.
SELECT message.message_no, message.message_at, message.mailbox, message.credit, message.direction, verdict.verdict
FROM part_message AS message
JOIN part_verdict AS verdict
    ON verdict.message_no = message.message_no
