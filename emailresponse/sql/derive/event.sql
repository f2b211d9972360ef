-- One row per lane and thing that opens, continues or closes a wait there, in order; `message_no` or `override_no`
-- is the message or the decision that does. Partition key: company.
WITH answer AS (
    SELECT talk_no, company_no, component, segment, position, message_at AS event_at, 'out' AS kind, message_no,
        NULL AS override_no
    FROM part_touch
    WHERE kind = 'out'
    UNION ALL
    SELECT talk_no, company_no, component, segment, position, effective_at, 'call', NULL, override_no
    FROM part_called
    WHERE kind = 'call'
    UNION ALL
    SELECT talk_no, company_no, component, segment, position, message_at, 'inferred', message_no, NULL
    FROM part_inferred
),

lane AS (
    SELECT DISTINCT talk_no, kind AS lane
    FROM part_touch
    WHERE kind <> 'out'
)

SELECT
    hash(talk_no, kind) AS lane_no, talk_no, company_no, component, segment, kind AS lane,
    CAST(position AS DOUBLE) AS position, message_at AS event_at,
    'in' AS kind, message_no, NULL AS override_no
FROM part_touch
WHERE kind <> 'out'
UNION ALL
SELECT
    hash(answer.talk_no, lane.lane), answer.talk_no, answer.company_no, answer.component, answer.segment, lane.lane,
    answer.position, answer.event_at, answer.kind, answer.message_no, answer.override_no
FROM answer
JOIN lane
    ON lane.talk_no = answer.talk_no
    -- What answers a lead elsewhere answers nothing that we only had a copy of.
    AND (answer.kind <> 'inferred' OR lane.lane = 'main')
