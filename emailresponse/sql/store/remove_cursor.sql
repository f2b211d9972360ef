-- One row per cursor that a newer one replaces.
DELETE FROM cursor
WHERE mailbox = $mailbox
    AND source = $source
