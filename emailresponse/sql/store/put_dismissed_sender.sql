-- One row: a sender whose messages need no reply, and why.
INSERT INTO dismissed_sender
VALUES ($pattern, $reason)
ON CONFLICT (pattern) DO UPDATE SET reason = excluded.reason
