-- One row per message: whether a person wrote it, and the rule that says so.
SELECT
    message.message_key,
    verdict.verdict,
    verdict.rule
FROM verdict
JOIN message
    ON message.message_no = verdict.message_no
ORDER BY message.message_key
