-- One row per team.
SELECT
    team_id,
    name
FROM team
ORDER BY team_id
