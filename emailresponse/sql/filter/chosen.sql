-- One row per wait that a filter chooses, with its seconds and its goal on the asked clock, and whether it is judged.
CREATE OR REPLACE TEMP MACRO chosen(
    since_at,
    until_at,
    zone,
    asked_clock,
    goal_classes,
    goal_values,
    teams,
    people,
    mailboxes,
    companies,
    contacts,
    classes,
    states,
    any_flags,
    figure,
    from_seconds,
    below_seconds,
    on_weekday,
    on_hour
) AS TABLE
WITH placed AS (
    SELECT
        *,
        CASE asked_clock WHEN 'business' THEN business_seconds ELSE calendar_seconds END AS seconds,
        CASE asked_clock WHEN 'business' THEN age_business_seconds ELSE age_calendar_seconds END AS age_seconds,
        list_extract(goal_values::BIGINT[], list_position(goal_classes::VARCHAR[], class)) AS asked_goal_seconds
    FROM standing()
    WHERE opened_at >= since_at::TIMESTAMP
      AND opened_at < until_at::TIMESTAMP
      AND (classes IS NULL OR list_contains(classes::VARCHAR[], class))
      AND (teams IS NULL OR list_contains(teams::VARCHAR[], team_id))
      AND (mailboxes IS NULL OR list_contains(mailboxes::VARCHAR[], mailbox))
      AND (companies IS NULL OR list_contains(companies::VARCHAR[], company))
      AND (contacts IS NULL OR list_contains(contacts::VARCHAR[], contact))
      AND (states IS NULL OR list_contains(states::VARCHAR[], state))
      AND (any_flags IS NULL OR list_has_any(any_flags::VARCHAR[], flags))
      AND (
          people IS NULL
          OR CASE
              WHEN is_event THEN list_contains(people::VARCHAR[], credit)
              WHEN assigned_to IS NOT NULL THEN list_contains(people::VARCHAR[], assigned_to)
              ELSE list_has_any(people::VARCHAR[], addressees)
          END
      )
      AND (on_weekday IS NULL OR isodow(timezone(zone::VARCHAR, timezone('UTC', opened_at))) = on_weekday::INTEGER)
      AND (on_hour IS NULL OR hour(timezone(zone::VARCHAR, timezone('UTC', opened_at))) = on_hour::INTEGER)
),
weighed AS (
    SELECT
        *,
        is_counted AND NOT is_skewed AND age_seconds >= asked_goal_seconds AS is_judged,
        is_event AND NOT is_late AND seconds IS NOT NULL AND seconds <= asked_goal_seconds AS is_in_goal
    FROM placed
)
SELECT
    *,
    coalesce(is_judged AND is_in_goal, FALSE) AS is_met
FROM weighed
WHERE (from_seconds IS NULL OR seconds >= from_seconds::BIGINT)
  AND (below_seconds IS NULL OR seconds < below_seconds::BIGINT)
  AND (
      figure IS NULL
      OR CASE figure::VARCHAR
          WHEN 'counted' THEN is_counted
          WHEN 'judged' THEN is_judged
          WHEN 'met' THEN is_judged AND is_in_goal
          WHEN 'missed' THEN is_judged AND NOT is_in_goal
          WHEN 'answered' THEN is_counted AND is_event
          WHEN 'unanswered' THEN is_counted AND NOT is_event
          WHEN 'hidden' THEN NOT is_counted
          WHEN 'chased' THEN is_counted AND chasers > 0
          WHEN 'handed' THEN is_counted AND handoff_at IS NOT NULL
          WHEN 'late' THEN is_counted AND is_late
      END
  )
