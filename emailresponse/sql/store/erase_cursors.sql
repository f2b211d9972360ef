-- No row: where any reading of a mailbox stopped is forgotten.
DELETE FROM cursor
WHERE mailbox = $mailbox
