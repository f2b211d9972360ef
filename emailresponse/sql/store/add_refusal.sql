-- One row: a part of a source that could not be kept.
INSERT INTO refusal (run_id, source, position, reason)
VALUES ($run_id, $source, $position, $reason)
