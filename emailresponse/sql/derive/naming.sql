-- One row per message and id that it names in In-Reply-To or References; `address_no` is the number of the id read
-- as an e-mail address, for an id that is one joins nothing. Partition key: message.
WITH listed AS (
    SELECT
        copy_key,
        unnest(CASE WHEN len(reply_ids) = 1 AND reply_ids[1] = reference_ids[-1] THEN reference_ids
            ELSE list_distinct(list_concat(reply_ids, reference_ids)) END) AS id
    FROM part_copy
    WHERE len(reply_ids) > 0
        OR len(reference_ids) > 0
),

named AS (
    SELECT
        copy_key,
        hash(id) AS id_hash,
        hash(CASE
            WHEN ends_with(lower(id), '@gmail.com') OR ends_with(lower(id), '@googlemail.com')
                THEN replace(regexp_replace(split_part(lower(id), '@', 1), '\+.*', ''), '.', '') || '@gmail.com'
            WHEN contains(id, '+') THEN regexp_replace(lower(id), '\+[^@]*@', '@')
            ELSE lower(id) END) AS address_no
    FROM listed
),

told AS (
    SELECT identity.message_no, identity.copies, named.id_hash, named.address_no
    FROM named
    JOIN part_identity AS identity
        ON identity.copy_key = named.copy_key
)

SELECT message_no, id_hash, address_no
FROM told
WHERE copies = 1
UNION ALL
SELECT DISTINCT message_no, id_hash, address_no
FROM told
WHERE copies > 1
