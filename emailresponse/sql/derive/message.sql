-- One row per message: who wrote it, which way it went, when, and whose it is. Partition key: message.
WITH outside AS (
    SELECT DISTINCT message_no
    FROM part_recipient
    WHERE NOT is_internal
        AND role <> 'delivered_to'
),

owned AS (
    SELECT
        spoken.*,
        coalesce(named.message_key, copy.message_id) AS message_key,
        CASE WHEN NOT spoken.is_rewritten THEN copy.from_name END AS author_name,
        copy.sender_address,
        copy.mailbox,
        copy.sent_at,
        copy.subject,
        copy.subject_digest,
        answered.answered_hash,
        writer.address AS author,
        writer.company AS writer_company,
        writer.company_no AS writer_company_no,
        writer.person_id AS writer_id,
        writer.mailbox AS writer_mailbox,
        coalesce(writer.is_no_reply, FALSE) AS is_no_reply,
        form_lead.lead,
        form_lead.company AS lead_company,
        form_lead.message_no IS NOT NULL AS is_form,
        form_lead.message_no IS NULL AND (spoken.is_sent OR coalesce(writer.is_internal, FALSE)) AS is_ours,
        outside.message_no IS NOT NULL AS has_outside,
        CASE WHEN spoken.is_sent THEN copy.mailbox ELSE coalesce(addressed.mailbox, copy.mailbox) END
            AS addressed_mailbox
    FROM part_copy AS copy
    -- An outer join until the very filter, or DuckDB would hash the wide copies, not the narrow side.
    LEFT JOIN part_spoken AS spoken
        ON spoken.copy_key = copy.copy_key
    LEFT JOIN part_named_copy AS named
        ON named.copy_key = spoken.copy_key
    LEFT JOIN part_answered AS answered
        ON answered.message_no = spoken.message_no
    LEFT JOIN address AS writer
        ON writer.address_no = spoken.author_no
    LEFT JOIN part_form_lead AS form_lead
        ON form_lead.message_no = spoken.message_no
    LEFT JOIN outside
        ON outside.message_no = spoken.message_no
    LEFT JOIN part_addressed_mailbox AS addressed
        ON addressed.message_no = spoken.message_no
    WHERE coalesce(spoken.copy_key, 0) = copy.copy_key
)

SELECT
    owned.message_no,
    owned.message_key,
    owned.author,
    owned.author_name,
    CASE WHEN owned.is_ours AND owned.has_outside THEN 'outbound'
        WHEN owned.is_ours THEN 'internal'
        WHEN owned.is_form OR owned.author IS NOT NULL THEN 'inbound'
        ELSE 'unknown' END AS direction,
    CASE WHEN owned.is_sent THEN owned.first_sent_at
        WHEN owned.is_ours THEN owned.first_at
        ELSE owned.first_inbound_at END AS message_at,
    owned.sent_at,
    owned.subject,
    CASE WHEN owned.is_ours THEN NULL WHEN owned.is_form THEN owned.lead ELSE owned.author END AS contact,
    CASE WHEN owned.is_ours THEN NULL WHEN owned.is_form THEN owned.lead_company ELSE owned.writer_company END
        AS company,
    CASE WHEN owned.is_ours THEN NULL WHEN owned.is_form THEN hash(owned.lead_company) ELSE owned.writer_company_no END
        AS company_no,
    CASE WHEN owned.is_ours
        THEN coalesce(owned.writer_id, sender.person_id, sender_credit.person_id, owned.writer_mailbox,
            CASE WHEN owned.is_sent THEN owned.mailbox END, owned.author) END AS credit,
    owned.addressed_mailbox AS mailbox,
    owned.copies,
    owned.is_form,
    owned.is_ours,
    owned.is_hidden,
    owned.is_own_list,
    owned.is_bulk,
    owned.is_bulk_anywhere,
    owned.is_no_reply,
    owned.marks,
    CASE WHEN owned.is_ours AND owned.is_hidden THEN hash(owned.subject_digest, owned.size_bytes) END AS alike_no,
    CASE WHEN NOT owned.has_outside AND NOT owned.is_form AND (owned.is_ours OR owned.author IS NULL)
        THEN owned.answered_hash END AS answered_hash
FROM owned
LEFT JOIN address AS sender
    ON sender.address_no = CASE WHEN owned.sender_address IS NOT NULL THEN hash(owned.sender_address) END
LEFT JOIN part_sender_credit AS sender_credit
    ON sender_credit.message_no = owned.message_no
