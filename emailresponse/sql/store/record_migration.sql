-- One row: a migration that is being applied.
INSERT INTO migration
VALUES ($name, $checksum)
