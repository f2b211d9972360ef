-- One row per wait and message in it: its opener, then its chasers. Partition key: company.
SELECT
    turn.lane_no,
    turn.wait_no,
    turn.is_opener,
    turn.event_at,
    turn.message_no,
    gone.gone
FROM part_turn AS turn
LEFT JOIN gone
    ON gone.message_no = turn.message_no
WHERE turn.kind = 'in'
