-- One row per message: what its only copy, or the one that speaks for it and all others together, say.
-- Partition key: message.
SELECT
    identity.message_no,
    identity.copies,
    present.copy_key,
    present.author_no,
    present.is_rewritten,
    present.is_sent,
    CASE WHEN present.is_sent THEN present.copied_at END AS first_sent_at,
    CASE WHEN NOT present.is_sent THEN present.copied_at END AS first_inbound_at,
    present.copied_at AS first_at,
    present.is_hidden,
    present.is_own_list,
    present.is_bulk,
    present.is_bulk AS is_bulk_anywhere,
    present.marks,
    present.size_bytes
FROM part_present AS present
JOIN part_identity AS identity
    ON identity.copy_key = present.copy_key
WHERE identity.copies = 1
UNION ALL BY NAME
FROM part_speaker
