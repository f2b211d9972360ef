-- One row per wait: one company waiting for us in one segment, its class, what closed it, and both clocks.
-- Partition key: company.
WITH written AS (
    SELECT company, message_at
    FROM part_touch
    WHERE kind = 'out'
        AND NOT is_early
),

written_early AS (
    -- Its time is before that of a message it comes after: it may answer the very lead it seems to precede.
    SELECT DISTINCT lead.company, lead.component, lead.segment, lead.position
    FROM part_closed_wait AS lead
    JOIN part_touch AS early
        ON early.company = lead.company
        AND early.message_at < lead.opened_at
        AND early.message_at >= lead.opened_at - to_days(CAST($lead_memory_days AS INTEGER))
    WHERE early.kind = 'out'
        AND early.is_early
        AND lead.wait_no = 1
        AND NOT (early.component = lead.component AND early.position > lead.position)
),

first_note AS (
    SELECT
        closed.company, closed.component, closed.segment, closed.lane, closed.wait_no,
        note.message_key, note.message_at, note.position
    FROM part_closed_wait AS closed
    ASOF JOIN part_note AS note
        ON note.component = closed.component
        AND note.segment = closed.segment
        AND CAST(note.position AS DOUBLE) > closed.position
    WHERE note.position < coalesce(closed.end_position, 1e18)
        AND (closed.close_kind IS NULL OR closed.close_kind = 'out' OR note.message_at < closed.closed_at)
),

classed AS (
    SELECT
        closed.*,
        CASE
            WHEN closed.lane = 'cc' THEN 'cc_only'
            WHEN closed.wait_no > 1 THEN 'follow_up'
            WHEN closed.out_before > 0 THEN 'prospect_reply'
            WHEN written.message_at >= closed.opened_at - to_days(CAST($lead_memory_days AS INTEGER))
                OR written_early.company IS NOT NULL THEN 'lead_known'
            ELSE 'lead_new' END AS class
    FROM part_closed_wait AS closed
    ASOF LEFT JOIN written
        ON written.company = closed.company
        AND written.message_at < closed.opened_at
    LEFT JOIN written_early
        ON written_early.company = closed.company
        AND written_early.component = closed.component
        AND written_early.segment = closed.segment
        AND written_early.position = closed.position
),

described AS (
    SELECT
        classed.*,
        touch.conversation,
        touch.contact,
        touch.mailbox,
        touch.is_form,
        touch.rule AS open_rule,
        coalesce(addressee.people, []) AS addressees,
        total.chasers,
        total.assigned_to,
        coalesce(total.dismissed_kind,
            CASE WHEN sender.pattern IS NOT NULL OR sender_company.pattern IS NOT NULL THEN 'rule' END)
            AS dismissed_kind,
        coalesce(total.dismissed_reason, sender.reason, sender_company.reason) AS dismissed_reason,
        total.dismissed_by,
        first_note.message_key AS handoff_by,
        first_note.message_at AS handoff_at,
        calendar.calendar_id,
        coalesce(total.assigned_to,
            CASE WHEN len(addressee.people) = 1 THEN addressee.people[1] END,
            mailbox.owner_id) AS goal_person,
        coalesce(classed.closed_at, classed.superseded_at) AS end_at,
        CASE WHEN classed.opened_at < mailbox_team.until_at THEN mailbox_team.team_id END AS team_id
    FROM classed
    JOIN part_touch AS touch
        ON touch.company = classed.company
        AND touch.component = classed.component
        AND touch.segment = classed.segment
        AND touch.position = classed.position
        AND touch.kind = classed.lane
    JOIN part_wait_sum AS total
        ON total.company = classed.company
        AND total.component = classed.component
        AND total.segment = classed.segment
        AND total.lane = classed.lane
        AND total.wait_no = classed.wait_no
    LEFT JOIN first_note
        ON first_note.company = classed.company
        AND first_note.component = classed.component
        AND first_note.segment = classed.segment
        AND first_note.lane = classed.lane
        AND first_note.wait_no = classed.wait_no
    LEFT JOIN addressee
        ON addressee.message_no = touch.message_no
    LEFT JOIN calendar
        ON calendar.mailbox = touch.mailbox
    LEFT JOIN mailbox
        ON mailbox.mailbox = touch.mailbox
    ASOF LEFT JOIN mailbox_team
        ON mailbox_team.mailbox = touch.mailbox
        AND classed.opened_at >= mailbox_team.from_at
    LEFT JOIN dismissed_sender AS sender
        ON sender.pattern = touch.contact
    LEFT JOIN dismissed_sender AS sender_company
        ON sender_company.pattern = touch.company
),

aimed AS (
    SELECT
        described.*,
        CASE
            WHEN described.opened_at < of_person.until_at THEN of_person
            WHEN described.opened_at < of_mailbox.until_at THEN of_mailbox
            WHEN described.opened_at < of_team.until_at THEN of_team
            WHEN described.opened_at < of_workspace.until_at THEN of_workspace END AS goal
    FROM described
    ASOF LEFT JOIN (FROM goal_in_force WHERE scope = 'person') AS of_person
        ON of_person.scope_id = described.goal_person
        AND of_person.class = described.class
        AND described.opened_at >= of_person.from_at
    ASOF LEFT JOIN (FROM goal_in_force WHERE scope = 'mailbox') AS of_mailbox
        ON of_mailbox.scope_id = described.mailbox
        AND of_mailbox.class = described.class
        AND described.opened_at >= of_mailbox.from_at
    ASOF LEFT JOIN (FROM goal_in_force WHERE scope = 'team') AS of_team
        ON of_team.scope_id = described.team_id
        AND of_team.class = described.class
        AND described.opened_at >= of_team.from_at
    ASOF LEFT JOIN (FROM goal_in_force WHERE scope = 'workspace') AS of_workspace
        ON of_workspace.class = described.class
        AND described.opened_at >= of_workspace.from_at
)

SELECT
    'w' || left(sha256(aimed.message_key), 12) AS wait_id,
    aimed.message_key AS opened_by,
    aimed.opened_at,
    aimed.open_rule,
    aimed.lane,
    aimed.class,
    aimed.company,
    aimed.contact,
    aimed.conversation,
    aimed.segment,
    aimed.mailbox,
    aimed.team_id,
    aimed.addressees,
    aimed.assigned_to,
    aimed.closed_by,
    aimed.closed_at,
    CASE aimed.close_kind WHEN 'out' THEN 'reply' ELSE aimed.close_kind END AS close_kind,
    aimed.credit,
    CAST(aimed.chasers AS INTEGER) AS chasers,
    aimed.handoff_by,
    aimed.handoff_at,
    aimed.superseded_at,
    aimed.dismissed_kind,
    aimed.dismissed_reason,
    coalesce(aimed.decided_by, aimed.dismissed_by) AS decided_by,
    aimed.close_reason,
    aimed.is_form,
    coalesce(aimed.close_kind <> 'by_hand' AND (aimed.is_from_later_segment
        OR aimed.closed_at >= aimed.opened_at + to_days(CAST($lapse_days AS INTEGER))), FALSE) AS is_late,
    coalesce(aimed.close_kind <> 'by_hand'
        AND aimed.closed_at < aimed.opened_at - to_seconds(CAST($skew_seconds AS DOUBLE)), FALSE) AS is_skewed,
    aimed.calendar_id,
    aimed.end_at,
    coalesce(opening.running_us
        + date_diff('microsecond', opening.opens_at, least(aimed.opened_at, opening.closes_at)), 0)
        AS opened_clock_us,
    coalesce(aimed.opened_at < opening.closes_at, FALSE) AS opened_in_hours,
    CASE WHEN aimed.end_at IS NOT NULL THEN coalesce(ending.running_us
        + date_diff('microsecond', ending.opens_at, least(aimed.end_at, ending.closes_at)), 0) END
        AS end_clock_us,
    coalesce(aimed.end_at < ending.closes_at, FALSE) AS ended_in_hours,
    aimed.goal.seconds AS goal_seconds,
    aimed.goal.clock AS goal_clock,
    aimed.goal.share AS goal_share,
    aimed.component,
    aimed.wait_no
FROM aimed
ASOF LEFT JOIN opening
    ON opening.calendar_id = aimed.calendar_id
    AND aimed.opened_at >= opening.opens_at
ASOF LEFT JOIN opening AS ending
    ON ending.calendar_id = aimed.calendar_id
    AND aimed.end_at >= ending.opens_at
