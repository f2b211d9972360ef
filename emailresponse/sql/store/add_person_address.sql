-- One row: an address of a person.
INSERT INTO person_address
VALUES ($address, $person_id)
