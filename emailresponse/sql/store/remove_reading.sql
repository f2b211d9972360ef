-- No row: how the reading of a mailbox went is forgotten.
DELETE FROM reading
WHERE mailbox = $mailbox
