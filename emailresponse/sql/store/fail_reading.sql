-- One row: a mailbox whose pass met trouble.
UPDATE reading
SET ended_at = $ended_at,
    trouble = $trouble,
    reason = $reason,
    failures = failures + 1,
    retry_at = $retry_at
WHERE mailbox = $mailbox
