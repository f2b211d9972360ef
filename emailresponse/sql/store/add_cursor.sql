-- One row: where the next read of a source goes on.
INSERT INTO cursor (mailbox, source, cursor, stored_at)
VALUES ($mailbox, $source, $cursor, $stored_at)
