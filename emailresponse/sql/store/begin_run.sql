-- One row: an import run that begins; its number is returned.
INSERT INTO import_run (run_id, source, started_at, read_count, stored_count, known_count, refused_count)
VALUES (nextval('import_run_sequence'), $source, $started_at, 0, 0, 0, 0)
RETURNING run_id
