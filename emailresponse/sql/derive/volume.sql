-- One row per local day, hour, mailbox, person and direction: how many messages people wrote.
-- Partition key: day.
WITH local AS (
    SELECT
        message.message_no,
        timezone($zone, make_timestamptz(epoch_us(message.message_at))) AS local_at,
        message.message_at,
        message.mailbox,
        CASE WHEN message.is_ours THEN message.credit END AS person_id,
        message.direction
    FROM part_message AS message
    JOIN verdict
        ON verdict.message_no = message.message_no
    WHERE verdict.verdict = 'human'
        AND message.message_at IS NOT NULL
        AND message.direction <> 'unknown'
)

SELECT
    CAST(local.local_at AS DATE) AS day,
    CAST(hour(local.local_at) AS INTEGER) AS hour,
    CAST(isodow(local.local_at) AS INTEGER) AS weekday,
    local.mailbox,
    mailbox_team.team_id,
    local.person_id,
    local.direction,
    count(*) AS messages
FROM local
LEFT JOIN mailbox_team
    ON mailbox_team.mailbox = local.mailbox
    AND local.message_at >= mailbox_team.from_at
    AND local.message_at < mailbox_team.ends_at
GROUP BY ALL
