-- One row: a group of ours under its address.
INSERT INTO internal_group
VALUES ($address, $name)
ON CONFLICT (address) DO UPDATE SET name = excluded.name
