-- No row: a mailbox that is read by itself no more.
DELETE FROM link
WHERE mailbox = $mailbox
