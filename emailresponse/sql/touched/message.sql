-- One row per message of a touched conversation, with what the conversation makes use of.
SELECT
    message_no,
    message_key,
    direction,
    message_at,
    contact,
    company_no,
    credit,
    mailbox,
    is_form,
    is_ours,
    is_hidden,
    is_own_list,
    is_bulk,
    is_bulk_anywhere,
    is_no_reply,
    marks,
    answered_hash
FROM message
WHERE message_no IN (SELECT message_no FROM part_gone_message_no)
