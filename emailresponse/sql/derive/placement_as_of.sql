-- One row per observation made up to a moment. Partition key: copy.
SELECT *
FROM placement
WHERE observed_at <= $as_of
