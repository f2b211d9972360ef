-- One row per decision by hand and copy.
SELECT
    override_no,
    mailbox,
    provider_id,
    kind,
    decided_at,
    effective_at,
    decided_by,
    person_id,
    reason
FROM override
ORDER BY override_no
