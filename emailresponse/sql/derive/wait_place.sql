-- One row per wait: whose it is: its mailbox, that mailbox's calendar and team, and who is to answer.
-- Partition key: company.
SELECT
    wait.message_no,
    wait.opened_at,
    coalesce(wait.closed_at, wait.superseded_at) AS end_at,
    message.mailbox,
    message.is_form,
    calendar.calendar_id,
    mailbox_team.team_id,
    coalesce(addressee.people, []) AS addressees,
    total.chasers,
    total.assigned_to,
    total.dismissed_kind,
    total.dismissed_reason,
    total.dismissed_by,
    coalesce(total.assigned_to,
        CASE WHEN len(addressee.people) = 1 THEN addressee.people[1] END,
        mailbox.owner_id) AS goal_person
FROM part_closed_wait AS wait
JOIN part_message AS message
    ON message.message_no = wait.message_no
JOIN part_wait_sum AS total
    ON total.lane_no = wait.lane_no
    AND total.wait_no = wait.wait_no
LEFT JOIN part_addressee AS addressee
    ON addressee.message_no = wait.message_no
LEFT JOIN calendar
    ON calendar.mailbox = message.mailbox
LEFT JOIN mailbox
    ON mailbox.mailbox = message.mailbox
LEFT JOIN mailbox_team
    ON mailbox_team.mailbox = message.mailbox
    AND wait.opened_at >= mailbox_team.from_at
    AND wait.opened_at < mailbox_team.ends_at
