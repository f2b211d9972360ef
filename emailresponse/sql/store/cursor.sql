-- One row: where the next read of a source goes on.
SELECT cursor
FROM cursor
WHERE mailbox = $mailbox
    AND source = $source
