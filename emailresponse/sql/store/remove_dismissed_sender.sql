-- The messages of that sender need replies again.
DELETE FROM dismissed_sender
WHERE pattern = $pattern
