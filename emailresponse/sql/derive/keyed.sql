-- One row per copy in the data with the key of its message, before equal copies are merged.
-- Partition key: message id (the copy itself where it has none).
SELECT
    copy_key,
    CASE WHEN message_id IS NOT NULL AND conflicted_id.message_id IS NULL
        THEN message_id
        ELSE 'x-' || left(sha256(concat_ws(
            chr(10),
            coalesce(author, ''),
            coalesce(strftime(sent_at, '%Y-%m-%dT%H:%M:%SZ'), ''),
            trim(coalesce(subject, subject_digest, '')),
            array_to_string(list_sort(to_addresses), ',')
        )), 32) END AS message_key,
    CASE WHEN conflicted_id.message_id IS NULL THEN message_id END AS joining_id,
    CASE WHEN is_merging AND from_address IS NOT NULL AND sent_at IS NOT NULL
        AND len(to_addresses) + len(cc_addresses) > 0
        THEN hash(from_address, sent_at, subject_digest, list_sort(to_addresses), list_sort(cc_addresses)) END
        AS equal_group
FROM part_present
LEFT JOIN conflicted_id
    USING (message_id)
