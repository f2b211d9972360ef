-- One row: a mailbox whose pass ended well, caught up or given way to others.
UPDATE reading
SET ended_at = $ended_at,
    trouble = NULL,
    reason = NULL,
    failures = 0,
    retry_at = NULL,
    first_ended_at = CASE WHEN $is_caught_up THEN coalesce(first_ended_at, $ended_at) ELSE first_ended_at END
WHERE mailbox = $mailbox
