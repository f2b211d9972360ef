-- One row per wait that one of the messages opened; their moments, which are few, keep their texts from being read
-- for every message there is.
WITH listed AS (
    SELECT *
    FROM chosen($asked)
    WHERE opened_by IN (SELECT unnest($openers::VARCHAR[]))
),

opener AS (
    SELECT
        message_key,
        subject
    FROM message
    WHERE message_at >= list_min($moments::TIMESTAMP[])
      AND message_at <= list_max($moments::TIMESTAMP[])
      AND message_at IN (SELECT unnest($moments::TIMESTAMP[]))
      AND message_key IN (SELECT unnest($openers::VARCHAR[]))
)

SELECT
    listed.wait_id,
    listed.opened_by,
    listed.opened_at,
    opener.subject,
    listed.class AS class_,
    listed.company,
    listed.contact,
    listed.mailbox,
    listed.team_id,
    listed.addressees,
    listed.assigned_to,
    listed.closed_by,
    listed.closed_at,
    listed.close_kind,
    listed.credit,
    person.name AS credit_name,
    listed.chasers,
    listed.state,
    listed.seconds,
    listed.calendar_seconds,
    listed.business_seconds,
    listed.goal_seconds,
    listed.goal_clock,
    listed.as_of_at,
    listed.flags
FROM listed
LEFT JOIN opener
    ON opener.message_key = listed.opened_by
LEFT JOIN person
    ON person.person_id = listed.credit
