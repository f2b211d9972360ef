-- One row per mailbox and stretch of time in which it belongs to a team: its own, else that of its owner; where
-- stays overlap, the later one counts. Partition key: mailbox.
WITH stay AS (
    SELECT mailbox, team_id, TIMESTAMP '0001-01-01' AS from_at, TIMESTAMP '9999-01-01' AS until_at
    FROM mailbox
    WHERE team_id IS NOT NULL
    UNION ALL
    SELECT
        mailbox.mailbox,
        membership.team_id,
        coalesce(timezone('UTC', timezone($zone, CAST(membership.from_day AS TIMESTAMP))),
            TIMESTAMP '0001-01-01'),
        coalesce(timezone('UTC', timezone($zone, CAST(membership.until_day + 1 AS TIMESTAMP))),
            TIMESTAMP '9999-01-01')
    FROM mailbox
    JOIN membership
        ON membership.person_id = mailbox.owner_id
    WHERE mailbox.team_id IS NULL
),

bound AS (
    SELECT mailbox, from_at AS bound_at FROM stay
    UNION
    SELECT mailbox, until_at FROM stay
),

stretch AS (
    SELECT
        mailbox,
        bound_at AS from_at,
        lead(bound_at) OVER (PARTITION BY mailbox ORDER BY bound_at) AS ends_at
    FROM bound
)

SELECT
    stretch.mailbox,
    list(stay.team_id ORDER BY stay.from_at DESC, stay.team_id)[1] AS team_id,
    stretch.from_at,
    stretch.ends_at
FROM stretch
JOIN stay
    ON stay.mailbox = stretch.mailbox
    AND stay.from_at <= stretch.from_at
    AND stay.until_at >= stretch.ends_at
GROUP BY ALL
