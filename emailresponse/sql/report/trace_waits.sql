-- One row per wait that opened in a conversation, or that a message of it closed.
WITH touched AS (
    SELECT *
    FROM standing() AS wait
    WHERE wait.conversation = $conversation
       OR list_contains($keys::VARCHAR[], wait.closed_by)
)
SELECT
    touched.wait_id,
    touched.opened_by,
    touched.opened_at,
    message.subject,
    touched.class AS class_,
    touched.company,
    touched.contact,
    touched.mailbox,
    touched.team_id,
    touched.addressees,
    touched.assigned_to,
    touched.closed_by,
    touched.closed_at,
    touched.close_kind,
    touched.credit,
    person.name AS credit_name,
    touched.chasers,
    touched.state,
    CASE touched.goal_clock WHEN 'calendar' THEN touched.calendar_seconds ELSE touched.business_seconds END AS seconds,
    touched.calendar_seconds,
    touched.business_seconds,
    touched.goal_seconds,
    touched.goal_clock,
    touched.as_of_at,
    touched.flags,
    touched.open_rule,
    touched.lane,
    touched.age_calendar_seconds,
    touched.age_business_seconds,
    touched.calendar_id,
    touched.superseded_at,
    touched.dismissed_kind,
    touched.dismissed_reason,
    touched.decided_by,
    touched.close_reason,
    touched.handoff_by,
    touched.handoff_at
FROM touched
LEFT JOIN message
    ON message.message_key = touched.opened_by
LEFT JOIN person
    ON person.person_id = touched.credit
ORDER BY touched.opened_at, touched.opened_by
