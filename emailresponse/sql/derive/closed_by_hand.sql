-- One row per closing by hand that meets its wait still open: no answer and no later wait came between.
-- Partition key: company.
SELECT
    target.lane_no,
    called.talk_no,
    called.company_no,
    called.component,
    called.segment,
    called.lane,
    called.position,
    called.effective_at AS event_at,
    'by_hand' AS kind,
    NULL AS message_no,
    called.override_no
FROM part_called AS called
JOIN part_turn AS target
    ON target.talk_no = called.talk_no
    AND target.lane = called.lane
    AND target.position = called.target_position
    AND target.kind = 'in'
LEFT JOIN part_turn AS between_them
    ON between_them.lane_no = target.lane_no
    AND between_them.position > called.target_position
    AND (between_them.position < called.position
        OR (between_them.position = called.position AND between_them.event_at <= called.effective_at))
    AND (between_them.kind <> 'in' OR between_them.wait_no <> target.wait_no)
WHERE called.kind = 'by_hand'
GROUP BY ALL
HAVING count(between_them.lane_no) = 0
