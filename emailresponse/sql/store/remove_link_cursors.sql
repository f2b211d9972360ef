-- No row: where the reading of a linked mailbox stopped is forgotten.
DELETE FROM cursor
WHERE mailbox = $mailbox
    AND starts_with(source, 'link ')
