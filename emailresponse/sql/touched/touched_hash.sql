-- One row per id, as a hash, that a touched copy carries or names, or did.
SELECT hash(message_id) AS id_hash
FROM part_touched_id
UNION
SELECT hash(unnest(list_concat(reply_ids, reference_ids)))
FROM part_copy
