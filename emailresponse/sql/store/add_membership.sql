-- One row: a stay of a person in a team.
INSERT INTO membership
VALUES ($person_id, $team_id, $from_day, $until_day)
