-- One row per copy in the data: the message it is a copy of, by the least copy key of that message, how many copies
-- that has, and the hashes by which others find it: its Message-ID, a key made for it, its provider's thread.
-- Partition key: message key (the group of equal copies where an archive is merged).
SELECT
    present.copy_key,
    coalesce(named.message_no, present.copy_key) AS message_no,
    CAST(coalesce(named.copies, 1) AS INTEGER) AS copies,
    present.id_hash,
    coalesce(named.is_joining, TRUE) AS is_joining,
    CASE WHEN starts_with(named.message_key, 'x-') THEN hash(named.message_key) END AS key_hash,
    present.thread_no,
    present.is_graph
FROM part_present AS present
LEFT JOIN part_named_copy AS named
    ON named.copy_key = present.copy_key
