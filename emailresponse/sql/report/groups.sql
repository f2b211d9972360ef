-- One row per person, team, company, contact, class, mailbox or period of the chosen waits: how many stand where,
-- and the times in microseconds of those that ended and of those last seen waiting.
WITH keyed AS (
    SELECT
        unnest(CASE $by
            WHEN 'person' THEN CASE
                WHEN is_event THEN [credit]
                WHEN assigned_to IS NOT NULL THEN [assigned_to]
                WHEN len(addressees) > 0 THEN addressees
                ELSE [NULL]
            END
            WHEN 'team' THEN [team_id]
            WHEN 'company' THEN [company]
            WHEN 'contact' THEN [contact]
            WHEN 'class' THEN [class]
            WHEN 'mailbox' THEN [mailbox]
            ELSE [CAST(CAST(date_trunc(
                CASE WHEN $by IN ('week', 'month') THEN $by ELSE 'day' END,
                timezone($zone, make_timestamptz(epoch_us(opened_at)))
            ) AS DATE) AS VARCHAR)]
        END) AS key,
        CAST(round(seconds * 1000000) AS BIGINT) AS time_us,
        *
    FROM chosen($asked)
)

SELECT
    coalesce(key, '') AS key,
    count(*) FILTER (WHERE is_counted) AS n,
    count(*) FILTER (WHERE is_counted AND state IN ('open', 'due_soon', 'overdue')) AS open_count,
    count(*) FILTER (WHERE is_counted AND is_event) AS answered,
    count(*) FILTER (WHERE is_judged) AS judged,
    count(*) FILTER (WHERE is_met) AS met,
    count(*) FILTER (WHERE NOT is_counted) AS hidden,
    coalesce(list(time_us) FILTER (WHERE is_counted AND is_event AND time_us IS NOT NULL), []) AS ended_us,
    coalesce(list(time_us) FILTER (WHERE is_counted AND NOT is_event AND time_us IS NOT NULL), []) AS waiting_us
FROM keyed
WHERE $keys IS NULL OR list_contains($keys::VARCHAR[], coalesce(key, ''))
GROUP BY ALL
ORDER BY count(*) DESC, key
LIMIT $at_most
