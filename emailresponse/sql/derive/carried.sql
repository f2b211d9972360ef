-- One row per message and id that it carries and that joins. Partition key: message.
SELECT DISTINCT message_no, hash(joining_id) AS id_hash
FROM part_identity
WHERE joining_id IS NOT NULL
