-- One row per copy in the data whose message may be more than this copy under its own id: the key of its message,
-- before equal copies are merged. Partition key: message id (the copy itself where it has none).
SELECT
    copy.copy_key,
    CASE WHEN copy.message_id IS NOT NULL AND conflicted_id.message_id IS NULL
        THEN copy.message_id
        ELSE 'x-' || left(sha256(concat_ws(
            chr(10),
            coalesce(author.address, ''),
            coalesce(strftime(copy.sent_at, '%Y-%m-%dT%H:%M:%SZ'), ''),
            trim(coalesce(copy.subject, copy.subject_digest, '')),
            array_to_string(list_sort(copy.to_addresses), ',')
        )), 32) END AS message_key,
    conflicted_id.message_id IS NULL AND copy.message_id IS NOT NULL AS is_joining,
    CASE WHEN copy.is_merging AND copy.from_address IS NOT NULL AND copy.sent_at IS NOT NULL
        AND len(copy.to_addresses) + len(copy.cc_addresses) > 0
        THEN hash(copy.from_address, copy.sent_at, copy.subject_digest, list_sort(copy.to_addresses),
            list_sort(copy.cc_addresses)) END
        AS equal_group
FROM part_copy AS copy
JOIN (
    SELECT copy_key, author_no
    FROM part_present
    WHERE is_keyed
        OR id_hash IN (SELECT id_hash FROM part_shared_id)
        OR id_hash IN (SELECT id_hash FROM conflicted_id)
) AS present
    ON present.copy_key = copy.copy_key
LEFT JOIN address AS author
    ON author.address_no = present.author_no
LEFT JOIN conflicted_id
    ON conflicted_id.message_id = copy.message_id
