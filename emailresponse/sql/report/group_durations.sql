-- One row per group and distinct time of the chosen waits: how many ended and how many were last seen waiting.
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
            ELSE [CAST(CAST(date_trunc(CASE WHEN $by IN ('week', 'month') THEN $by ELSE 'day' END, timezone($zone, timezone('UTC', opened_at))) AS DATE) AS VARCHAR)]
        END) AS key,
        *
    FROM chosen_wait
)
SELECT
    list_position($keys::VARCHAR[], coalesce(key, '')) AS group_no,
    CAST(round(seconds * 1000000) AS BIGINT) AS us,
    count(*) FILTER (WHERE is_event) AS ended,
    count(*) FILTER (WHERE NOT is_event) AS censored
FROM keyed
WHERE list_contains($keys::VARCHAR[], coalesce(key, ''))
  AND is_counted
  AND seconds IS NOT NULL
GROUP BY ALL
ORDER BY group_no, us
