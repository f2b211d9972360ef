-- One row per local day, hour, mailbox, person and direction: human messages.
SELECT
    day,
    hour,
    weekday,
    mailbox,
    team_id,
    person_id,
    direction,
    messages
FROM volume
ORDER BY ALL
