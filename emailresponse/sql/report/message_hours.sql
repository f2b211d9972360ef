-- One row per local weekday and hour of the asked days: inbound human messages.
SELECT
    weekday,
    hour,
    CAST(sum(messages) AS BIGINT) AS messages
FROM volume
WHERE direction = 'inbound'
  AND day >= $since::DATE
  AND day <= $until::DATE
  AND ($teams IS NULL OR list_contains($teams::VARCHAR[], team_id))
  AND ($people IS NULL OR list_contains($people::VARCHAR[], person_id))
  AND ($mailboxes IS NULL OR list_contains($mailboxes::VARCHAR[], mailbox))
GROUP BY ALL
ORDER BY weekday, hour
