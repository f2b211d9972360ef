-- One row per asked copy that is stored: its provider's id and the labels it was last seen with.
SELECT
    copy.provider_id,
    coalesce(
        (
            SELECT arg_max(placement.labels, placement.placement_no)
            FROM placement
            WHERE placement.copy_key = copy.copy_key
        ),
        copy.labels
    ) AS labels
FROM copy
WHERE copy.copy_key IN (SELECT copy_key FROM asked_key)
