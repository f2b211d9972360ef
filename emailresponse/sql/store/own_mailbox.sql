-- One row: a personal mailbox that was nobody's belongs to the person who has its address now.
UPDATE mailbox
SET owner_id = $person_id
WHERE mailbox = $mailbox
    AND kind = 'personal'
    AND owner_id IS NULL
