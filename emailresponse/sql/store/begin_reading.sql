-- One row: a mailbox whose pass begins.
UPDATE reading
SET begun_at = $begun_at,
    first_begun_at = coalesce(first_begun_at, $begun_at)
WHERE mailbox = $mailbox
