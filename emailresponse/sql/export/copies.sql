-- One row per message as one mailbox holds it.
SELECT
    message.message_key,
    copy.mailbox,
    copy.provider,
    copy.provider_id,
    copy.provider_thread,
    copy.copied_at,
    copy.sent_at,
    copy.imported_at,
    copy.labels,
    copy.is_hidden,
    copy.marks,
    copy.problems
FROM copy
LEFT JOIN identity
    ON identity.copy_key = copy.copy_key
LEFT JOIN message
    ON message.message_no = identity.message_no
ORDER BY copy.mailbox, copy.provider_id
