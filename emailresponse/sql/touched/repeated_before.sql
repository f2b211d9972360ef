-- One row per message that was one of many alike in a day.
SELECT message_no
FROM repeated
