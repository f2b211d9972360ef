-- One row per wait and message in it: its opener, then its chasers. Partition key: company.
SELECT
    turn.company,
    turn.component,
    turn.segment,
    turn.lane,
    turn.wait_no,
    turn.is_opener,
    turn.message_key,
    turn.event_at,
    touch.message_no,
    gone.gone
FROM part_turn AS turn
JOIN part_touch AS touch
    ON touch.company = turn.company
    AND touch.component = turn.component
    AND touch.segment = turn.segment
    AND touch.position = turn.position
LEFT JOIN gone
    ON gone.message_no = touch.message_no
WHERE turn.kind = 'in'
    AND touch.kind <> 'out'
