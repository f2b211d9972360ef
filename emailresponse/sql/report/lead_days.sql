-- One row per local day: how many leads of the chosen waits opened.
SELECT
    CAST(timezone($zone, timezone('UTC', opened_at)) AS DATE) AS day,
    count(*) AS leads
FROM chosen(
    since_at := $since_at,
    until_at := $until_at,
    zone := $zone,
    asked_clock := $clock,
    goal_classes := $goal_classes,
    goal_values := $goal_values,
    teams := $teams,
    people := $people,
    mailboxes := $mailboxes,
    companies := $companies,
    contacts := $contacts,
    classes := $classes,
    states := $states,
    any_flags := $flags,
    figure := $figure,
    from_seconds := $from_seconds,
    below_seconds := $below_seconds,
    on_weekday := $weekday,
    on_hour := $hour
)
WHERE class IN ('lead_new', 'lead_known')
GROUP BY ALL
ORDER BY day
