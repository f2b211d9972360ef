-- One row per sender whose messages need no reply.
SELECT
    pattern,
    reason
FROM dismissed_sender
ORDER BY pattern
