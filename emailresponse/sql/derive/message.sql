-- One row per message: who wrote it, which way it went, when, and whose it is. Partition key: message.
WITH spoken AS (
    SELECT
        identity.message_no,
        identity.message_key,
        identity.copies,
        present.author,
        present.author_name,
        present.sender_address,
        present.mailbox,
        present.sent_at,
        present.subject,
        present.subject_digest,
        coalesce(speaker.is_sent, present.is_sent) AS is_sent,
        coalesce(speaker.is_hidden, present.is_hidden) AS is_hidden,
        CASE WHEN speaker.message_no IS NULL THEN present.marks ELSE speaker.marks END AS marks,
        CASE WHEN speaker.message_no IS NULL THEN present.is_own_list ELSE coalesce(speaker.is_own_list, FALSE) END
            AS is_own_list,
        CASE WHEN speaker.message_no IS NULL THEN present.is_bulk ELSE coalesce(speaker.is_bulk, FALSE) END AS is_bulk,
        CASE WHEN speaker.message_no IS NULL THEN present.is_bulk ELSE speaker.is_bulk_anywhere END
            AS is_bulk_anywhere,
        CASE WHEN speaker.message_no IS NULL THEN present.size_bytes ELSE speaker.size_bytes END AS size_bytes,
        CASE WHEN speaker.message_no IS NULL THEN CASE WHEN present.is_sent THEN present.copied_at END
            ELSE speaker.first_sent_at END AS first_sent_at,
        CASE WHEN speaker.message_no IS NULL THEN CASE WHEN NOT present.is_sent THEN present.copied_at END
            ELSE speaker.first_inbound_at END AS first_inbound_at,
        coalesce(speaker.first_at, present.copied_at) AS first_at
    FROM part_present AS present
    JOIN part_identity AS identity
        ON identity.copy_key = present.copy_key
    LEFT JOIN part_speaker AS speaker
        ON speaker.message_no = identity.message_no
    WHERE coalesce(speaker.copy_key, identity.message_no) = present.copy_key
),

outside AS (
    SELECT DISTINCT message_no
    FROM part_recipient
    WHERE NOT is_internal
        AND role <> 'delivered_to'
),

owned AS (
    SELECT
        spoken.*,
        writer.is_internal,
        writer.company AS writer_company,
        writer.person_id AS writer_id,
        form_lead.lead,
        form_lead.company AS lead_company,
        form_lead.message_no IS NOT NULL AS is_form,
        form_lead.message_no IS NULL AND (spoken.is_sent OR coalesce(writer.is_internal, FALSE)) AS is_ours,
        outside.message_no IS NOT NULL AS has_outside,
        CASE WHEN spoken.is_sent THEN spoken.mailbox ELSE coalesce(addressed.mailbox, spoken.mailbox) END
            AS addressed_mailbox
    FROM spoken
    LEFT JOIN address AS writer
        ON writer.address = spoken.author
    LEFT JOIN part_form_lead AS form_lead
        ON form_lead.message_no = spoken.message_no
    LEFT JOIN outside
        ON outside.message_no = spoken.message_no
    LEFT JOIN part_addressed_mailbox AS addressed
        ON addressed.message_no = spoken.message_no
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
    owned.subject_digest,
    CASE WHEN owned.is_ours THEN NULL WHEN owned.is_form THEN owned.lead ELSE owned.author END AS contact,
    CASE WHEN owned.is_ours THEN NULL WHEN owned.is_form THEN owned.lead_company ELSE owned.writer_company END
        AS company,
    CASE WHEN owned.is_ours
        THEN coalesce(owned.writer_id, sender.person_id, sender_credit.person_id, source.mailbox,
            CASE WHEN owned.is_sent THEN owned.mailbox END, owned.author) END AS credit,
    owned.addressed_mailbox AS mailbox,
    owned.copies,
    owned.is_form,
    owned.is_ours,
    owned.is_sent,
    owned.is_hidden,
    owned.is_own_list,
    owned.is_bulk,
    owned.is_bulk_anywhere,
    owned.marks,
    owned.size_bytes
FROM owned
LEFT JOIN address AS sender
    ON sender.address = owned.sender_address
LEFT JOIN address AS source
    ON source.address = owned.author
LEFT JOIN part_sender_credit AS sender_credit
    ON sender_credit.message_no = owned.message_no
