-- One row: whether a full run is due: settings changed, nothing was ever derived, an archive is merged, the
-- opening periods end, or so much came in that a full run is as quick.
WITH pending AS (
    SELECT mailbox, copied_at, is_merging
    FROM copy
    WHERE copy_key IN (SELECT copy_key FROM pending_copy)
)

SELECT
    EXISTS (SELECT 1 FROM pending_rebuild)
    OR (SELECT count(*) FROM pending_copy) > 1000 + (SELECT count(*) FROM copy) / 10
    OR EXISTS (SELECT 1 FROM pending WHERE is_merging OR mailbox NOT IN (SELECT mailbox FROM calendar))
    OR (SELECT max(copied_at) FROM pending)
        > coalesce((SELECT max(opens_at) FROM opening) - to_days(60), TIMESTAMP '9999-01-01')
    OR (SELECT min(copied_at) FROM pending)
        < coalesce((SELECT min(opens_at) FROM opening), TIMESTAMP '9999-01-01')
