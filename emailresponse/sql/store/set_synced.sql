-- One row: a mailbox of which everything that lay there at a moment is stored. The moment never goes back.
UPDATE mailbox
SET synced_at = greatest(coalesce(synced_at, $synced_at), $synced_at)
WHERE mailbox = $mailbox
