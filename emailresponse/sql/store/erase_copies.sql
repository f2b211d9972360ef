-- No row: the copies of a mailbox are erased.
DELETE FROM copy
WHERE mailbox = $mailbox
