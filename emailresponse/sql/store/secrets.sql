-- One row per sealed secret and whose it is.
SELECT
    mailbox,
    sealed
FROM secret
ORDER BY mailbox
