-- One row per lane and thing that opens, continues or closes a wait there, in order. Partition key: company.
WITH answer AS (
    SELECT company, component, segment, position, message_at AS event_at, 'out' AS kind, message_key, credit,
        NULL AS decided_by, NULL AS reason
    FROM part_touch
    WHERE kind = 'out'
    UNION ALL
    SELECT company, component, segment, position, effective_at, 'call', NULL, person_id, decided_by, reason
    FROM part_called
    WHERE kind = 'call'
    UNION ALL
    SELECT company, component, segment, position, message_at, 'inferred', message_key, credit, NULL, NULL
    FROM part_inferred
),

lane AS (
    SELECT DISTINCT company, component, segment, kind AS lane
    FROM part_touch
    WHERE kind <> 'out'
)

SELECT
    company, component, segment, kind AS lane, CAST(position AS DOUBLE) AS position, message_at AS event_at,
    'in' AS kind, message_key, NULL AS credit, NULL AS decided_by, NULL AS reason
FROM part_touch
WHERE kind <> 'out'
UNION ALL
SELECT
    answer.company, answer.component, answer.segment, lane.lane, answer.position, answer.event_at,
    answer.kind, answer.message_key, answer.credit, answer.decided_by, answer.reason
FROM answer
JOIN lane
    USING (company, component, segment)
