-- One row per address of a person.
SELECT
    address,
    person_id
FROM person_address
ORDER BY address
