-- One row per message that names one it answers, where there is form mail to be told apart: the id, as a hash, that
-- the copy that speaks names last. Partition key: message.
SELECT
    spoken.message_no,
    hash(coalesce(copy.reply_ids[-1], copy.reference_ids[-1])) AS answered_hash
FROM part_copy AS copy
JOIN part_spoken AS spoken
    ON spoken.copy_key = copy.copy_key
WHERE EXISTS (SELECT 1 FROM form_sender)
    AND len(copy.reply_ids) + len(copy.reference_ids) > 0
