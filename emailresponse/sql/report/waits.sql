-- One row per chosen wait in the asked order.
WITH listed AS (
    SELECT *
    FROM chosen(
    since_at := $since_at,
    until_at := $until_at,
    zone := $zone,
    asked_clock := $clock,
    goal_classes := $goal_classes,
    goal_values := $goal_values,
    teams := $teams,
    people := $people,
    mailboxes := $mailboxes,
    companies := $companies,
    contacts := $contacts,
    classes := $classes,
    states := $states,
    any_flags := $flags,
    figure := $figure,
    from_seconds := $from_seconds,
    below_seconds := $below_seconds,
    on_weekday := $weekday,
    on_hour := $hour
)
    ORDER BY
        CASE $order_by WHEN 'longest' THEN seconds END DESC NULLS LAST,
        CASE $order_by
            WHEN 'due' THEN goal_seconds - CASE goal_clock
                WHEN 'business' THEN age_business_seconds
                ELSE age_calendar_seconds
            END
        END ASC NULLS LAST,
        CASE $order_by WHEN 'newest' THEN opened_at END DESC NULLS LAST,
        opened_at,
        opened_by
    LIMIT $at_most
    OFFSET $skipped
)
SELECT
    listed.wait_id,
    listed.opened_by,
    listed.opened_at,
    message.subject,
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
LEFT JOIN message
    ON message.message_key = listed.opened_by
LEFT JOIN person
    ON person.person_id = listed.credit
ORDER BY
    CASE $order_by WHEN 'longest' THEN listed.seconds END DESC NULLS LAST,
    CASE $order_by
        WHEN 'due' THEN listed.goal_seconds - CASE listed.goal_clock
            WHEN 'business' THEN listed.age_business_seconds
            ELSE listed.age_calendar_seconds
        END
    END ASC NULLS LAST,
    CASE $order_by WHEN 'newest' THEN listed.opened_at END DESC NULLS LAST,
    listed.opened_at,
    listed.opened_by
