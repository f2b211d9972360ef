-- One row per message and decision by hand about it that is in force: one withdrawn later is not.
-- Partition key: message.
WITH withdrawn AS (
    SELECT mailbox, provider_id, max(override_no) AS override_no
    FROM part_override
    WHERE kind = 'withdraw'
    GROUP BY ALL
)

SELECT
    identity.message_no,
    override.override_no,
    override.kind,
    override.effective_at,
    override.decided_by,
    override.person_id,
    override.reason
FROM part_override AS override
JOIN part_copy AS copy
    ON copy.mailbox = override.mailbox
    AND copy.provider_id = override.provider_id
JOIN part_identity AS identity
    ON identity.copy_key = copy.copy_key
LEFT JOIN withdrawn
    ON withdrawn.mailbox = override.mailbox
    AND withdrawn.provider_id = override.provider_id
WHERE override.kind <> 'withdraw'
    AND override.override_no > coalesce(withdrawn.override_no, -1)
