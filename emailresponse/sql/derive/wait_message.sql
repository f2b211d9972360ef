-- One row per wait and message that opened, chased, closed or handed it off. Partition key: company.
SELECT opened_by, opened_by AS message_key, 'opener' AS role, company_no
FROM part_wait
UNION ALL
SELECT wait.opened_by, message.message_key, 'chaser', wait.company_no
FROM part_wait_part AS part
JOIN part_wait AS wait
    ON wait.lane_no = part.lane_no
    AND wait.wait_no = part.wait_no
JOIN part_message AS message
    ON message.message_no = part.message_no
WHERE NOT part.is_opener
UNION ALL
SELECT opened_by, closed_by, 'closer', company_no
FROM part_wait
WHERE closed_by IS NOT NULL
UNION ALL
SELECT opened_by, handoff_by, 'handoff', company_no
FROM part_wait
WHERE handoff_by IS NOT NULL
