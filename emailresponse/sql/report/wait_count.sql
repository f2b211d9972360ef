-- One row: how many waits are chosen.
SELECT count(*) AS waits
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
