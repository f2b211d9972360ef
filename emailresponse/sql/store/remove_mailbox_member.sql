-- The person no longer works the shared mailbox.
DELETE FROM mailbox_member
WHERE mailbox = $mailbox
    AND person_id = $person_id
