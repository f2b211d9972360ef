-- One row: mean opening seconds of a local day that has an opening, over the calendars of the asked mailboxes.
WITH asked AS (
    SELECT DISTINCT calendar.calendar_id
    FROM calendar
    LEFT JOIN mailbox
        ON mailbox.mailbox = calendar.mailbox
    WHERE ($teams IS NULL OR list_contains($teams::VARCHAR[], mailbox.team_id))
      AND ($mailboxes IS NULL OR list_contains($mailboxes::VARCHAR[], calendar.mailbox))
),
days AS (
    SELECT
        opening.calendar_id,
        CAST(timezone($zone, timezone('UTC', opens_at)) AS DATE) AS day,
        sum(epoch(closes_at) - epoch(opens_at)) AS open_seconds,
        sum(datediff(
            'day',
            CAST(timezone($zone, timezone('UTC', opens_at)) AS DATE),
            CAST(timezone($zone, timezone('UTC', closes_at - INTERVAL 1 MICROSECOND)) AS DATE)
        )) AS further_days
    FROM opening
    JOIN asked USING (calendar_id)
    GROUP BY ALL
)
SELECT sum(open_seconds) / (count(*) + sum(further_days)) AS mean_seconds
FROM days
