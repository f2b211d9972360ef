-- One row per call that answers a company in a segment, and per closing by hand of a wait: its place among the
-- messages by its time. Partition key: company.
SELECT
    touch.talk_no,
    touch.company_no,
    touch.component,
    touch.segment,
    touch.kind AS lane,
    touch.position AS target_position,
    decision.kind,
    decision.override_no,
    decision.effective_at,
    max(other.position) + 0.5 AS position
FROM part_touch AS touch
JOIN decision
    ON decision.message_no = touch.message_no
JOIN part_touch AS other
    ON other.talk_no = touch.talk_no
    AND other.message_at <= decision.effective_at
WHERE touch.kind <> 'out'
    AND decision.kind IN ('call', 'by_hand')
    AND decision.effective_at >= touch.message_at
GROUP BY ALL
