-- One row per copy that a mailbox received from a provider at a moment or later: its id and last labels.
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
WHERE copy.mailbox = $mailbox
    AND copy.provider = $provider
    AND (CAST($moment AS TIMESTAMP) IS NULL OR copy.copied_at >= $moment)
