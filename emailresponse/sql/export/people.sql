-- One row per person with every address and team.
SELECT
    person.person_id,
    person.name,
    person.from_day,
    person.until_day,
    (
        SELECT coalesce(list(address ORDER BY address), [])
        FROM person_address
        WHERE person_address.person_id = person.person_id
    ) AS addresses,
    (
        SELECT coalesce(list(DISTINCT team_id ORDER BY team_id), [])
        FROM membership
        WHERE membership.person_id = person.person_id
    ) AS teams
FROM person
ORDER BY person.person_id
