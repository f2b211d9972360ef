-- One row per Message-ID, as a hash, that several copies carry. Partition key: message id.
SELECT id_hash
FROM part_present
WHERE id_hash IS NOT NULL
GROUP BY id_hash
HAVING count(*) > 1
