-- One row per person: name and the names of the teams they are in or were last in.
SELECT
    person.person_id,
    person.name,
    coalesce(string_agg(DISTINCT team.name, ', ' ORDER BY team.name), '') AS teams
FROM person
LEFT JOIN membership
    ON membership.person_id = person.person_id
LEFT JOIN team
    ON team.team_id = membership.team_id
GROUP BY ALL
ORDER BY person.person_id
