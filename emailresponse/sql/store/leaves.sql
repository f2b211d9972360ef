-- One row per leave of a person; both local days inclusive.
SELECT
    person_id,
    from_day,
    until_day,
    name
FROM leave
ORDER BY person_id, from_day, until_day
