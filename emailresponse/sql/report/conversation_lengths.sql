-- One row per number of human inbound and outbound messages: how many conversations of a chosen wait have so many.
WITH asked AS (
    SELECT DISTINCT conversation
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
),
sides AS (
    SELECT
        conversation.conversation,
        count(*) FILTER (WHERE message.direction = 'inbound') AS inbound,
        count(*) FILTER (WHERE message.direction = 'outbound') AS outbound
    FROM conversation
    SEMI JOIN asked
        ON asked.conversation = conversation.conversation
    JOIN message
        ON message.message_no = conversation.message_no
    JOIN verdict
        ON verdict.message_no = conversation.message_no
    WHERE verdict.verdict IN ('human', 'suspected_automatic')
    GROUP BY ALL
)
SELECT
    inbound,
    outbound,
    count(*) AS conversations
FROM sides
GROUP BY ALL
ORDER BY inbound, outbound
