-- One row: an allowed sender of web-form notifications.
INSERT INTO form_sender
VALUES ($address)
ON CONFLICT (address) DO NOTHING
