-- One row: a leave of a person.
INSERT INTO leave
VALUES ($person_id, $from_day, $until_day, $name)
