-- One row per id, as a hash, that is named and joins nothing: it is an e-mail address of the data, or different mails
-- carry it, and it is no message's own (metrics.md 1). Partition key: message id.
WITH doubted AS (
    SELECT id_hash
    FROM part_naming
    WHERE address_no IN (SELECT address_no FROM address)
    UNION
    SELECT id_hash
    FROM conflicted_id
),

carried AS (
    SELECT id_hash
    FROM identity
    WHERE id_hash IN (SELECT id_hash FROM doubted)
        AND is_joining
)

SELECT id_hash
FROM doubted
WHERE id_hash NOT IN (SELECT id_hash FROM carried)
