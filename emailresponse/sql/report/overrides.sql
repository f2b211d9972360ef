-- One row per decision by hand, the newest first; of equal ones about several copies the first.
SELECT
    min(override.override_no) AS override_no,
    coalesce(copy.message_id, copy.provider_id, override.provider_id) AS message_key,
    min(override.mailbox) AS mailbox,
    override.kind,
    override.decided_at,
    override.effective_at,
    override.decided_by,
    override.person_id,
    override.reason
FROM override
LEFT JOIN copy
    ON copy.mailbox = override.mailbox
    AND copy.provider_id = override.provider_id
GROUP BY ALL
ORDER BY override_no DESC
