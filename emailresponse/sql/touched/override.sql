-- One row per decision about a copy at hand.
SELECT override.*
FROM override
JOIN part_copy AS copy
    ON copy.mailbox = override.mailbox
    AND copy.provider_id = override.provider_id
