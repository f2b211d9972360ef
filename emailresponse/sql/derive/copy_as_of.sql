-- One row per copy that existed at a moment; one without a time always did. Partition key: copy.
SELECT *
FROM copy
WHERE copied_at IS NULL
    OR copied_at <= $as_of
