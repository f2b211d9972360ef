-- One row per local weekday and hour of the chosen waits: how many are judged and how many met their goal.
SELECT
    isodow(timezone($zone, timezone('UTC', opened_at))) AS weekday,
    hour(timezone($zone, timezone('UTC', opened_at))) AS hour,
    count(*) AS judged,
    count(*) FILTER (WHERE is_met) AS met
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
WHERE is_judged
GROUP BY ALL
ORDER BY weekday, hour
