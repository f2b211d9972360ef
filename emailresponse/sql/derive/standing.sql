-- One row per wait with its state and both clocks as of its mailbox's horizon. A macro, for the horizon moves
-- with every sync while the waits stay. Partition key: wait.
CREATE OR REPLACE MACRO standing() AS TABLE
WITH known AS (
    SELECT
        wait.*,
        horizon.as_of_at,
        wait.close_kind IS NOT NULL AND wait.close_kind <> 'by_hand' AS is_answered,
        greatest(horizon.as_of_at, wait.closed_at, wait.opened_at) AS known_at,
        greatest(horizon.clock_us, wait.end_clock_us, wait.opened_clock_us) AS known_clock_us,
        horizon.is_in_hours AS known_in_hours,
        limit_in_force.lapse,
        limit_in_force.due_soon_share
    FROM wait
    LEFT JOIN horizon
        ON horizon.mailbox = wait.mailbox
    CROSS JOIN limit_in_force
),

measured AS (
    SELECT
        *,
        CASE WHEN is_skewed THEN NULL
            ELSE greatest(0, date_diff('microsecond', opened_at, coalesce(end_at, known_at))) END AS calendar_us,
        CASE WHEN is_skewed THEN NULL
            ELSE greatest(0, coalesce(end_clock_us, known_clock_us) - opened_clock_us) END AS business_us,
        date_diff('microsecond', opened_at, coalesce(superseded_at, known_at)) AS age_calendar_us,
        CASE WHEN superseded_at IS NOT NULL THEN end_clock_us ELSE known_clock_us END - opened_clock_us
            AS age_business_us,
        NOT opened_in_hours
            AND NOT CASE WHEN end_at IS NULL THEN known_in_hours ELSE ended_in_hours END AS is_outside_hours
    FROM known
),

told AS (
    SELECT
        *,
        CASE
            WHEN close_kind = 'by_hand' THEN 'closed_by_hand'
            WHEN is_answered AND is_late THEN 'lapsed'
            WHEN is_answered THEN 'answered'
            WHEN dismissed_kind IS NOT NULL THEN 'dismissed'
            WHEN superseded_at IS NOT NULL THEN 'superseded'
            WHEN known_at - opened_at >= lapse THEN 'lapsed'
            WHEN CASE goal_clock WHEN 'business' THEN age_business_us ELSE age_calendar_us END
                > goal_seconds * 1000000 THEN 'overdue'
            WHEN CASE goal_clock WHEN 'business' THEN age_business_us ELSE age_calendar_us END
                >= goal_seconds * 1000000 * due_soon_share THEN 'due_soon'
            ELSE 'open' END AS state
    FROM measured
)

SELECT
    wait_id, opened_by, opened_at, open_rule, lane, class, company, contact, conversation, segment, mailbox,
    team_id, addressees, assigned_to, closed_by, closed_at, close_kind, credit, chasers, handoff_by, handoff_at,
    superseded_at, dismissed_kind, dismissed_reason, decided_by, close_reason, is_form, is_late, is_skewed,
    calendar_id, opened_clock_us, end_clock_us, end_at,
    as_of_at,
    state,
    calendar_us / 1e6 AS calendar_seconds,
    business_us / 1e6 AS business_seconds,
    age_calendar_us / 1e6 AS age_calendar_seconds,
    age_business_us / 1e6 AS age_business_seconds,
    is_answered AS is_event,
    coalesce(close_kind <> 'by_hand', dismissed_kind IS NULL) AS is_counted,
    coalesce(business_us = 0 AND is_outside_hours, FALSE) AS is_off_hours,
    goal_seconds,
    goal_clock,
    goal_share,
    list_filter([
        CASE WHEN close_kind = 'inferred' THEN 'inferred' END,
        CASE WHEN close_kind = 'call' THEN 'call' END,
        CASE WHEN is_late THEN 'late' END,
        CASE WHEN is_skewed THEN 'skew' END,
        CASE WHEN business_us = 0 AND is_outside_hours THEN 'off_hours' END,
        CASE WHEN state = 'dismissed' AND dismissed_kind IN ('trashed', 'spam') THEN dismissed_kind END,
        CASE WHEN is_form THEN 'form' END,
        CASE WHEN handoff_by IS NOT NULL THEN 'handoff' END,
        CASE WHEN assigned_to IS NOT NULL THEN 'assigned' END
    ], lambda flag: flag IS NOT NULL) AS flags
FROM told
