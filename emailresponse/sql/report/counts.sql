-- One row per way in which chosen waits stand, before the asked days and on them: how many do, their times in
-- microseconds and the seconds to their hand-offs.
SELECT
    is_before,
    state,
    is_counted,
    is_event,
    is_judged,
    is_met,
    is_late,
    is_skewed,
    is_off_hours,
    coalesce(close_kind = 'inferred', FALSE) AS is_inferred,
    chasers > 0 AS is_chased,
    count(*) AS waits,
    coalesce(list(CAST(round(seconds * 1000000) AS BIGINT)) FILTER (WHERE seconds IS NOT NULL), []) AS times_us,
    coalesce(list(epoch(handoff_at) - epoch(opened_at)) FILTER (WHERE handoff_at IS NOT NULL), []) AS handoff_seconds
FROM chosen($asked)
GROUP BY ALL
