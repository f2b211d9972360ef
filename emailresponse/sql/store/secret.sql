-- One row: a mailbox's sealed secret.
SELECT sealed
FROM secret
WHERE mailbox = $mailbox
