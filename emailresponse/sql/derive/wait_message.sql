-- One row per wait and message that opened, chased, closed or handed it off. Partition key: company.
SELECT
    wait.opened_by,
    part.message_key,
    CASE WHEN part.is_opener THEN 'opener' ELSE 'chaser' END AS role,
    wait.company
FROM part_wait_part AS part
JOIN part_wait AS wait
    ON wait.lane_no = part.lane_no
    AND wait.wait_no = part.wait_no
UNION ALL
SELECT opened_by, closed_by, 'closer', company
FROM part_wait
WHERE closed_by IS NOT NULL
UNION ALL
SELECT opened_by, handoff_by, 'handoff', company
FROM part_wait
WHERE handoff_by IS NOT NULL
