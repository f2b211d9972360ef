-- One row per stay of a person in a team.
SELECT
    person_id,
    team_id,
    from_day,
    until_day
FROM membership
ORDER BY team_id, person_id, from_day NULLS FIRST
