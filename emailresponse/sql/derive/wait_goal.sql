-- One row per wait: the goal of its person, else mailbox, else team, else workspace for its class that was in
-- force when it opened. Partition key: company.
SELECT
    place.message_no,
    arg_max(
        {'clock': goal.clock, 'seconds': goal.seconds, 'share': goal.share},
        (CASE goal.scope WHEN 'person' THEN 4 WHEN 'mailbox' THEN 3 WHEN 'team' THEN 2 ELSE 1 END, goal.from_at)
    ) AS goal
FROM part_wait_place AS place
JOIN part_wait_class AS wait_class
    ON wait_class.message_no = place.message_no
JOIN goal_in_force AS goal
    ON goal.class = wait_class.class
    AND place.opened_at >= goal.from_at
    AND place.opened_at < goal.until_at
WHERE CASE goal.scope
    WHEN 'person' THEN goal.scope_id = place.goal_person
    WHEN 'mailbox' THEN goal.scope_id = place.mailbox
    WHEN 'team' THEN goal.scope_id = place.team_id
    ELSE TRUE END
GROUP BY place.message_no
