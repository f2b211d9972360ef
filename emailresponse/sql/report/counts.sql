-- One row: how many of the chosen waits stand where.
SELECT
    count(*) FILTER (WHERE is_counted) AS n,
    count(*) FILTER (WHERE is_counted AND state IN ('open', 'due_soon', 'overdue')) AS open_count,
    count(*) FILTER (WHERE is_counted AND is_event) AS answered,
    count(*) FILTER (WHERE is_judged) AS judged,
    count(*) FILTER (WHERE is_met) AS met,
    count(*) FILTER (WHERE is_counted AND chasers > 0) AS chased,
    count(*) FILTER (WHERE is_counted AND handoff_at IS NOT NULL) AS handoffs,
    median(epoch(handoff_at) - epoch(opened_at)) FILTER (WHERE is_counted AND handoff_at IS NOT NULL)
        AS handoff_median_seconds,
    count(*) FILTER (WHERE is_counted AND NOT is_event) AS unanswered,
    count(*) FILTER (WHERE is_counted AND state = 'lapsed') AS lapsed,
    count(*) FILTER (WHERE is_counted AND state = 'superseded') AS superseded,
    count(*) FILTER (WHERE is_counted AND is_late) AS late,
    count(*) FILTER (WHERE state = 'dismissed') AS dismissed,
    count(*) FILTER (WHERE state = 'closed_by_hand') AS by_hand,
    count(*) FILTER (WHERE is_counted AND list_contains(flags, 'off_hours')) AS off_hours,
    count(*) FILTER (WHERE is_counted AND is_skewed) AS skewed,
    count(*) FILTER (WHERE is_counted AND list_contains(flags, 'inferred')) AS inferred
FROM chosen_wait
