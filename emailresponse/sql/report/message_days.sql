-- One row per local day of the asked days and direction: human messages.
SELECT
    day,
    direction,
    CAST(sum(messages) AS BIGINT) AS messages
FROM volume
WHERE day >= $since::DATE
  AND day <= $until::DATE
  AND ($teams IS NULL OR list_contains($teams::VARCHAR[], team_id))
  AND ($people IS NULL OR list_contains($people::VARCHAR[], person_id))
  AND ($mailboxes IS NULL OR list_contains($mailboxes::VARCHAR[], mailbox))
GROUP BY ALL
ORDER BY day
