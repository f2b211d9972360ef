-- One row per migration that was applied, with the checksum of its text.
CREATE TABLE IF NOT EXISTS migration (
    name VARCHAR PRIMARY KEY,
    checksum VARCHAR NOT NULL
)
