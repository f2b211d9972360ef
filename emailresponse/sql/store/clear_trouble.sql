-- One row: a mailbox that was linked again.
UPDATE reading
SET trouble = NULL,
    reason = NULL,
    failures = 0,
    retry_at = NULL
WHERE mailbox = $mailbox
