-- One row per decision in force at a moment; what a message is, was always so. Partition key: copy.
SELECT *
FROM override
WHERE effective_at <= $as_of
    OR kind IN ('human', 'automated')
