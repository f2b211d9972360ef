-- One row per company, conversation and segment: the first answer of that segment to the company.
-- Partition key: company.
SELECT
    company,
    component,
    segment,
    arg_min(message_key, (position, event_at)) AS message_key,
    arg_min(event_at, (position, event_at)) AS event_at,
    arg_min(kind, (position, event_at)) AS kind,
    arg_min(credit, (position, event_at)) AS credit,
    arg_min(decided_by, (position, event_at)) AS decided_by,
    min(position) AS position
FROM (
    SELECT company, component, segment, CAST(position AS DOUBLE) AS position, message_at AS event_at,
        'out' AS kind, message_key, credit, NULL AS decided_by
    FROM part_touch
    WHERE kind = 'out'
    UNION ALL
    SELECT company, component, segment, position, effective_at, 'call', NULL, person_id, decided_by
    FROM part_called
    WHERE kind = 'call'
)
GROUP BY ALL
