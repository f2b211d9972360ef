-- No row: decisions about copies of a mailbox are erased.
DELETE FROM override
WHERE mailbox = $mailbox
