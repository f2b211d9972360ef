-- One row: a person who works a shared mailbox.
INSERT INTO mailbox_member
VALUES ($mailbox, $person_id)
