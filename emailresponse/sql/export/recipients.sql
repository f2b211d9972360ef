-- One row per message, role and address.
SELECT
    message.message_key,
    recipient.role,
    address.address,
    recipient.is_internal,
    address.company
FROM recipient
JOIN message
    ON message.message_no = recipient.message_no
JOIN address
    ON address.address_no = recipient.address_no
ORDER BY message.message_key, recipient.role, address.address
