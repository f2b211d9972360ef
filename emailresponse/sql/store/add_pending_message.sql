-- One row per copy of a message: it has to be derived again.
INSERT INTO pending_copy
SELECT copy_key
FROM identity
WHERE message_no IN (SELECT message_no FROM message WHERE message_key = $message_key)
