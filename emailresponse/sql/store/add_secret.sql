-- One row: a mailbox's token or password, sealed.
INSERT INTO secret
VALUES ($mailbox, $sealed, $sealed_at)
