-- One row per company, conversation and segment: the first answer of that segment to the company.
-- Partition key: company.
WITH answer AS (
    SELECT company_no, component, segment, CAST(position AS DOUBLE) AS position, message_at AS event_at,
        'out' AS kind, message_no, NULL AS override_no
    FROM part_touch
    WHERE kind = 'out'
    UNION ALL
    SELECT company_no, component, segment, position, effective_at, 'call', NULL, override_no
    FROM part_called
    WHERE kind = 'call'
)

SELECT *
FROM answer
WHERE segment > 1
QUALIFY row_number() OVER (PARTITION BY component, company_no, segment ORDER BY position, event_at) = 1
