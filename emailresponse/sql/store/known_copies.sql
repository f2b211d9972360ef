-- One row per copy of the batch that is stored already: its key, the labels it was first seen with, those it
-- was seen with later (in order), and whether it may merge.
SELECT
    copy.copy_key,
    copy.labels,
    (
        SELECT list(placement.labels ORDER BY placement.placement_no)
        FROM placement
        WHERE placement.copy_key = copy.copy_key
    ) AS later_labels,
    copy.is_merging
FROM copy
WHERE copy.copy_key IN (SELECT copy_key FROM incoming_key)
