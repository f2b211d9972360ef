-- No row: a mailbox without a secret.
DELETE FROM secret
WHERE mailbox = $mailbox
