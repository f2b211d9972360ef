-- One row per chosen wait of one page of a list, in the asked order: the message that opened it, and when.
SELECT
    opened_by,
    opened_at
FROM chosen($asked)
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
