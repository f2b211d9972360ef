-- One row per decision by hand about a message of a conversation; of equal ones about several copies the first.
SELECT
    min(override.override_no) AS override_no,
    conversation.message_key,
    min(override.mailbox) AS mailbox,
    override.kind,
    override.decided_at,
    override.effective_at,
    override.decided_by,
    override.person_id,
    override.reason
FROM override
JOIN copy
    ON copy.mailbox = override.mailbox
    AND copy.provider_id = override.provider_id
JOIN identity
    ON identity.copy_key = copy.copy_key
JOIN conversation
    ON conversation.message_no = identity.message_no
WHERE conversation.conversation = $conversation
GROUP BY ALL
ORDER BY override_no
