-- One row per message of a conversation, or with a part in its waits, in order; the conversation's own first.
WITH told AS (
    SELECT
        conversation.message_no,
        conversation.message_key,
        conversation.conversation,
        conversation.segment,
        conversation.position
    FROM conversation
    WHERE conversation.conversation = $conversation
       OR list_contains($keys::VARCHAR[], conversation.message_key)
),
named AS (
    SELECT
        recipient.message_no,
        list(address.address ORDER BY address.address) FILTER (WHERE recipient.role = 'to') AS to_addresses,
        list(address.address ORDER BY address.address) FILTER (WHERE recipient.role = 'cc') AS cc_addresses
    FROM recipient
    JOIN address
        ON address.address_no = recipient.address_no
    SEMI JOIN told
        ON told.message_no = recipient.message_no
    GROUP BY ALL
),
held AS (
    SELECT
        identity.message_no,
        list(DISTINCT copy.mailbox ORDER BY copy.mailbox) AS mailboxes
    FROM identity
    SEMI JOIN told
        ON told.message_no = identity.message_no
    JOIN copy
        ON copy.copy_key = identity.copy_key
    GROUP BY ALL
)
SELECT
    told.message_key,
    told.conversation = $conversation AS is_inside,
    told.position,
    told.segment,
    message.message_at,
    message.author,
    message.author_name,
    message.direction,
    message.subject,
    named.to_addresses,
    named.cc_addresses,
    held.mailboxes,
    verdict.verdict,
    verdict.rule
FROM told
JOIN message
    ON message.message_no = told.message_no
LEFT JOIN verdict
    ON verdict.message_no = told.message_no
LEFT JOIN named
    ON named.message_no = told.message_no
LEFT JOIN held
    ON held.message_no = told.message_no
ORDER BY told.conversation <> $conversation, told.position, told.message_key
