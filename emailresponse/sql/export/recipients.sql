-- One row per message, role and address.
SELECT
    message.message_key,
    recipient.role,
    recipient.address,
    recipient.is_internal,
    recipient.company
FROM recipient
JOIN message
    ON message.message_no = recipient.message_no
ORDER BY message.message_key, recipient.role, recipient.address
