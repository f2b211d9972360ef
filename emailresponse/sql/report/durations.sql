-- One row per distinct time of the chosen waits on the asked clock: how many ended and how many were last seen waiting.
SELECT
    CAST(round(seconds * 1000000) AS BIGINT) AS us,
    count(*) FILTER (WHERE is_event) AS ended,
    count(*) FILTER (WHERE NOT is_event) AS censored
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
WHERE is_counted
  AND seconds IS NOT NULL
GROUP BY ALL
ORDER BY us
