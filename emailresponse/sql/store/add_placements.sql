-- One row per later observation of a copy, numbered in the order it was made.
INSERT INTO placement
SELECT
    coalesce((SELECT max(placement_no) FROM placement), 0) + observed_no,
    copy_key,
    observed_at,
    labels
FROM observed_placement
