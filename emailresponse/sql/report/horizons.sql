-- One row per asked mailbox: how far it is known.
SELECT
    horizon.mailbox,
    horizon.as_of_at
FROM horizon
LEFT JOIN mailbox
    ON mailbox.mailbox = horizon.mailbox
WHERE horizon.as_of_at IS NOT NULL
  AND ($teams IS NULL OR list_contains($teams::VARCHAR[], mailbox.team_id))
  AND ($mailboxes IS NULL OR list_contains($mailboxes::VARCHAR[], horizon.mailbox))
ORDER BY horizon.mailbox
