-- One row: what an import run has read, stored, known and refused so far.
UPDATE import_run
SET
    ended_at = $ended_at,
    read_count = $read_count,
    stored_count = $stored_count,
    known_count = $known_count,
    refused_count = $refused_count
WHERE run_id = $run_id
