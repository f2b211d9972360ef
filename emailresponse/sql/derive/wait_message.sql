-- One row per wait and message that opened, chased, closed or handed it off. Partition key: company.
SELECT
    wait.opened_by,
    part.message_key,
    CASE WHEN part.is_opener THEN 'opener' ELSE 'chaser' END AS role,
    wait.company
FROM part_wait_part AS part
JOIN part_wait AS wait
    ON wait.company = part.company
    AND wait.component = part.component
    AND wait.segment = part.segment
    AND wait.lane = part.lane
    AND wait.wait_no = part.wait_no
UNION ALL
SELECT opened_by, closed_by, 'closer', company
FROM part_wait
WHERE closed_by IS NOT NULL
UNION ALL
SELECT opened_by, handoff_by, 'handoff', company
FROM part_wait
WHERE handoff_by IS NOT NULL
