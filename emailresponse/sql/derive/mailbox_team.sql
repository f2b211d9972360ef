-- One row per mailbox and stretch of time in which it belongs to a team: its own, else that of its owner; where
-- stays overlap, the later one counts. Partition key: mailbox.
WITH stay AS (
    SELECT mailbox, team_id, TIMESTAMP '0001-01-01' AS from_at, TIMESTAMP '9999-01-01' AS until_at
    FROM mailbox
    WHERE team_id IS NOT NULL
    UNION ALL
    SELECT
        mailbox.mailbox,
        min(membership.team_id),
        coalesce(timezone('UTC', timezone($zone, CAST(membership.from_day AS TIMESTAMP))),
            TIMESTAMP '0001-01-01') AS from_at,
        max(coalesce(timezone('UTC', timezone($zone, CAST(membership.until_day + 1 AS TIMESTAMP))),
            TIMESTAMP '9999-01-01'))
    FROM mailbox
    JOIN membership
        ON membership.person_id = mailbox.owner_id
    WHERE mailbox.team_id IS NULL
    GROUP BY mailbox.mailbox, from_at
)

SELECT
    mailbox,
    team_id,
    from_at,
    until_at,
    least(until_at, coalesce(lead(from_at) OVER (PARTITION BY mailbox ORDER BY from_at), until_at)) AS ends_at
FROM stay
