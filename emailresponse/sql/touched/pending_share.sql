-- One row: whether a full run is due: settings changed, nothing was ever derived, an archive is merged, the
-- opening periods end, or so much came in that a full run is as quick.
SELECT
    EXISTS (SELECT 1 FROM pending_rebuild)
    OR (SELECT count(*) FROM pending_copy) > 1000 + (SELECT count(*) FROM copy) / 10
    OR EXISTS (
        SELECT 1
        FROM copy
        JOIN pending_copy
            USING (copy_key)
        LEFT JOIN calendar
            USING (mailbox)
        WHERE copy.is_merging
            OR calendar.mailbox IS NULL
    )
    OR (SELECT max(copied_at) FROM copy JOIN pending_copy USING (copy_key))
        > coalesce((SELECT max(opens_at) FROM opening) - to_days(60), TIMESTAMP '9999-01-01')
    OR (SELECT min(copied_at) FROM copy JOIN pending_copy USING (copy_key))
        < coalesce((SELECT min(opens_at) FROM opening), TIMESTAMP '9999-01-01')
