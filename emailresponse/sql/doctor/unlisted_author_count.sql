-- One row: how many addresses write outside as one of us, not as machines, and are nobody's.
SELECT count(DISTINCT message.author)
FROM message
JOIN verdict
    ON verdict.message_no = message.message_no
LEFT JOIN known_address
    ON known_address.address = message.author
WHERE message.direction = 'outbound'
    AND verdict.verdict = 'human'
    AND known_address.address IS NULL
