-- One row: a reason to derive everything again, unless it waits already.
INSERT INTO pending_rebuild
SELECT $reason
WHERE NOT EXISTS (
    FROM pending_rebuild
    WHERE reason = $reason
)
