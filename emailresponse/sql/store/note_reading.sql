-- One row: a mailbox of which a batch was stored.
UPDATE reading
SET stored_count = stored_count + $stored_count,
    first_done = coalesce($first_done, first_done),
    first_total = coalesce($first_total, first_total)
WHERE mailbox = $mailbox
