-- One row: a linked mailbox, read or not read for now.
UPDATE link
SET is_paused = $is_paused
WHERE mailbox = $mailbox
