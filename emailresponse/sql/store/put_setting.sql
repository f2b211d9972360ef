-- One row: a setting under its name.
INSERT INTO setting
VALUES ($name, $value)
ON CONFLICT (name) DO UPDATE SET value = excluded.value
