-- One row per address that writes outside as one of us, not as a machine, and is nobody's: how often.
SELECT
    message.author AS name,
    count(*) AS count
FROM message
JOIN verdict
    ON verdict.message_no = message.message_no
LEFT JOIN known_address
    ON known_address.address = message.author
WHERE message.direction = 'outbound'
    AND message.author IS NOT NULL
    AND verdict.verdict = 'human'
    AND known_address.address IS NULL
GROUP BY ALL
ORDER BY count DESC, name
LIMIT $most
