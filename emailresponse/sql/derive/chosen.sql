-- One row per wait that a filter chooses, with its seconds and its goal on the asked clock, and whether it is judged.
-- `asked` is a struct of a filter's fields, NULL where all are meant; waits before its `starts_at` are those of the
-- days before, to compare with. Partition key: wait.
CREATE OR REPLACE MACRO chosen(asked) AS TABLE
WITH placed AS (
    SELECT
        *,
        CASE (asked).clock WHEN 'business' THEN business_seconds ELSE calendar_seconds END AS seconds,
        CASE (asked).clock WHEN 'business' THEN age_business_seconds ELSE age_calendar_seconds END AS age_seconds,
        coalesce(opened_at < (asked).starts_at::TIMESTAMP, FALSE) AS is_before,
        list_extract(
            CASE WHEN opened_at < (asked).starts_at::TIMESTAMP THEN (asked).goal_values_before::BIGINT[]
                ELSE (asked).goal_values::BIGINT[] END,
            list_position((asked).goal_classes::VARCHAR[], class)
        ) AS asked_goal_seconds
    FROM standing()
    WHERE opened_at >= (asked).since_at::TIMESTAMP
      AND opened_at < (asked).until_at::TIMESTAMP
      AND ((asked).classes IS NULL OR list_contains((asked).classes::VARCHAR[], class))
      AND ((asked).teams IS NULL OR list_contains((asked).teams::VARCHAR[], team_id))
      AND ((asked).mailboxes IS NULL OR list_contains((asked).mailboxes::VARCHAR[], mailbox))
      AND ((asked).companies IS NULL OR list_contains((asked).companies::VARCHAR[], company))
      AND ((asked).contacts IS NULL OR list_contains((asked).contacts::VARCHAR[], contact))
      AND ((asked).states IS NULL OR list_contains((asked).states::VARCHAR[], state))
      AND ((asked).flags IS NULL OR list_has_any((asked).flags::VARCHAR[], flags))
      AND (
          (asked).people IS NULL
          OR CASE
              WHEN is_event THEN list_contains((asked).people::VARCHAR[], credit)
              WHEN assigned_to IS NOT NULL THEN list_contains((asked).people::VARCHAR[], assigned_to)
              ELSE list_has_any((asked).people::VARCHAR[], addressees)
          END
      )
      AND (
          (asked).weekday IS NULL
          OR isodow(timezone((asked).zone::VARCHAR, make_timestamptz(epoch_us(opened_at)))) = (asked).weekday::INTEGER
      )
      AND (
          (asked).hour IS NULL
          OR hour(timezone((asked).zone::VARCHAR, make_timestamptz(epoch_us(opened_at)))) = (asked).hour::INTEGER
      )
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
WHERE ((asked).from_seconds IS NULL OR seconds >= (asked).from_seconds::BIGINT)
  AND ((asked).below_seconds IS NULL OR seconds < (asked).below_seconds::BIGINT)
  AND (
      (asked).figure IS NULL
      OR CASE (asked).figure::VARCHAR
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
