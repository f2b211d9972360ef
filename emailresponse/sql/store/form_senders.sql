-- One row per allowed sender of web-form notifications.
SELECT address
FROM form_sender
ORDER BY address
