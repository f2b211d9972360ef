-- One row per message.
SELECT
    message_key,
    message_at,
    sent_at,
    author,
    author_name,
    direction,
    contact,
    company,
    credit,
    mailbox,
    copies,
    is_form,
    subject
FROM message
ORDER BY message_key
