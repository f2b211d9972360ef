-- One row per copy of a message: a decision by hand.
INSERT INTO override
SELECT
    nextval('override_sequence') AS override_no,
    mailbox,
    provider_id,
    $kind AS kind,
    $decided_at::TIMESTAMP AS decided_at,
    $effective_at::TIMESTAMP AS effective_at,
    $decided_by AS decided_by,
    $person_id::VARCHAR AS person_id,
    $reason::VARCHAR AS reason
FROM (
    SELECT
        copy.mailbox,
        copy.provider_id
    FROM identity
    JOIN copy
        ON copy.copy_key = identity.copy_key
    WHERE identity.message_no IN (SELECT message_no FROM message WHERE message_key = $message_key)
    ORDER BY copy.mailbox, copy.provider_id
)
