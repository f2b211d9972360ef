-- One row: a mailbox that is known as far as its newest message, no longer by syncs.
UPDATE mailbox
SET synced_at = NULL
WHERE mailbox = $mailbox
