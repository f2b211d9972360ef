-- One row: a team under its id.
INSERT INTO team
VALUES ($team_id, $name)
ON CONFLICT (team_id) DO UPDATE SET name = excluded.name
