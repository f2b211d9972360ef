-- One row: a person under the first address.
INSERT INTO person
VALUES ($person_id, $name, $from_day, $until_day)
ON CONFLICT (person_id) DO UPDATE SET
    name = excluded.name,
    from_day = excluded.from_day,
    until_day = excluded.until_day
