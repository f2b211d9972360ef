-- No reason is left to derive everything again.
DELETE FROM pending_rebuild
