-- One row: how many addresses write as one of us and are no person's, mailbox's or group's.
SELECT count(DISTINCT message.author)
FROM message
JOIN verdict
    ON verdict.message_no = message.message_no
LEFT JOIN known_address
    ON known_address.address = message.author
WHERE message.is_ours
    AND verdict.verdict = 'human'
    AND known_address.address IS NULL
