-- One row per wait: one company waiting for us in one segment, its class, what closed it, and both clocks.
-- Partition key: company.
WITH opener AS (
    SELECT message_no, message_key, company, contact
    FROM part_message
    WHERE message_no IN (SELECT message_no FROM part_closed_wait)
),

conversation AS (
    SELECT message_no, conversation
    FROM part_conversation
    WHERE message_no IN (SELECT message_no FROM part_closed_wait)
),

verdict AS (
    SELECT message_no, rule
    FROM part_verdict
    WHERE rule IS NOT NULL
        AND message_no IN (SELECT message_no FROM part_closed_wait)
),

closer AS (
    SELECT message_no, message_key, credit
    FROM part_message
    WHERE message_no IN (SELECT closer_no FROM part_closed_wait)
),

note AS (
    SELECT message_no, message_key
    FROM part_message
    WHERE message_no IN (SELECT note_no FROM part_wait_handoff)
)

SELECT
    'w' || left(sha256(opener.message_key), 12) AS wait_id,
    opener.message_key AS opened_by,
    wait.opened_at,
    verdict.rule AS open_rule,
    wait.lane,
    wait_class.class,
    opener.company,
    wait.company_no,
    opener.contact,
    conversation.conversation,
    wait.segment,
    place.mailbox,
    place.team_id,
    place.addressees,
    place.assigned_to,
    closer.message_key AS closed_by,
    wait.closed_at,
    CASE wait.close_kind WHEN 'out' THEN 'reply' ELSE wait.close_kind END AS close_kind,
    CASE WHEN wait.override_no IS NULL THEN closer.credit ELSE decision.person_id END AS credit,
    CAST(place.chasers AS INTEGER) AS chasers,
    note.message_key AS handoff_by,
    handoff.message_at AS handoff_at,
    wait.superseded_at,
    coalesce(place.dismissed_kind,
        CASE WHEN contact_rule.pattern IS NOT NULL OR company_rule.pattern IS NOT NULL THEN 'rule' END)
        AS dismissed_kind,
    coalesce(place.dismissed_reason, contact_rule.reason, company_rule.reason) AS dismissed_reason,
    coalesce(decision.decided_by, place.dismissed_by) AS decided_by,
    CASE WHEN NOT wait.is_from_later_segment THEN decision.reason END AS close_reason,
    place.is_form,
    coalesce(wait.close_kind <> 'by_hand' AND (wait.is_from_later_segment
        OR wait.closed_at >= wait.opened_at + to_days(CAST($lapse_days AS INTEGER))), FALSE) AS is_late,
    coalesce(wait.close_kind <> 'by_hand'
        AND wait.closed_at < wait.opened_at - to_seconds(CAST($skew_seconds AS DOUBLE)), FALSE) AS is_skewed,
    place.calendar_id,
    place.end_at,
    clock.opened_clock_us,
    clock.opened_in_hours,
    clock.end_clock_us,
    clock.ended_in_hours,
    wait_goal.goal.seconds AS goal_seconds,
    wait_goal.goal.clock AS goal_clock,
    wait_goal.goal.share AS goal_share,
    wait.lane_no,
    wait.wait_no
FROM part_closed_wait AS wait
JOIN part_wait_place AS place
    ON place.message_no = wait.message_no
JOIN part_wait_class AS wait_class
    ON wait_class.message_no = wait.message_no
JOIN part_wait_clock AS clock
    ON clock.message_no = wait.message_no
JOIN opener
    ON opener.message_no = wait.message_no
JOIN conversation
    ON conversation.message_no = wait.message_no
LEFT JOIN verdict
    ON verdict.message_no = wait.message_no
LEFT JOIN closer
    ON closer.message_no = wait.closer_no
LEFT JOIN decision
    ON decision.override_no = wait.override_no
LEFT JOIN part_wait_goal AS wait_goal
    ON wait_goal.message_no = wait.message_no
LEFT JOIN part_wait_handoff AS handoff
    ON handoff.message_no = wait.message_no
LEFT JOIN note
    ON note.message_no = handoff.note_no
LEFT JOIN dismissed_sender AS contact_rule
    ON contact_rule.pattern = opener.contact
LEFT JOIN dismissed_sender AS company_rule
    ON company_rule.pattern = opener.company
-- In the order of opening, so that a question about some days reads their stretch of the table alone.
ORDER BY wait.opened_at
