-- One row per message: whether a person wrote it, and the rule that says so.
SELECT
    message_key,
    verdict,
    rule
FROM verdict
ORDER BY message_key
