-- One row per local day of the asked days: human messages sent, received and among us.
SELECT
    day,
    CAST(coalesce(sum(messages) FILTER (WHERE direction = 'outbound'), 0) AS BIGINT) AS sent,
    CAST(coalesce(sum(messages) FILTER (WHERE direction = 'inbound'), 0) AS BIGINT) AS received,
    CAST(coalesce(sum(messages) FILTER (WHERE direction = 'internal'), 0) AS BIGINT) AS internal
FROM volume
WHERE day >= $since::DATE
  AND day <= $until::DATE
  AND ($teams IS NULL OR list_contains($teams::VARCHAR[], team_id))
  AND ($people IS NULL OR list_contains($people::VARCHAR[], person_id))
  AND ($mailboxes IS NULL OR list_contains($mailboxes::VARCHAR[], mailbox))
GROUP BY ALL
ORDER BY day
