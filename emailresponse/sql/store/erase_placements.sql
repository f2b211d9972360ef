-- No row: what was later seen of the copies of a mailbox is erased.
DELETE FROM placement
WHERE copy_key IN (SELECT copy_key FROM copy WHERE mailbox = $mailbox)
