-- One row: how far the data is known, when its first wait opened, and whether anything was imported.
SELECT
    (SELECT max(as_of_at) FROM horizon) AS as_of_at,
    (SELECT min(opened_at) FROM wait) AS first_at,
    EXISTS (SELECT 1 FROM copy) AS has_messages
