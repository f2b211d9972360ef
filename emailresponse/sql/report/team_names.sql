-- One row per team: its name.
SELECT
    team_id,
    name
FROM team
ORDER BY team_id
