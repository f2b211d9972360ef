-- One row per message and id that it names in In-Reply-To or References; `address_hash` is the id read as an
-- e-mail address, for an id that is one joins nothing. Partition key: message.
WITH named AS (
    SELECT identity.message_no, unnest(list_concat(present.reply_ids, present.reference_ids)) AS id
    FROM part_present AS present
    JOIN part_identity AS identity
        ON identity.copy_key = present.copy_key
    WHERE len(present.reply_ids) + len(present.reference_ids) > 0
)

SELECT DISTINCT
    message_no,
    hash(id) AS id_hash,
    hash(CASE
        WHEN ends_with(lower(id), '@gmail.com') OR ends_with(lower(id), '@googlemail.com')
            THEN replace(regexp_replace(split_part(lower(id), '@', 1), '\+.*', ''), '.', '') || '@gmail.com'
        WHEN contains(id, '+') THEN regexp_replace(lower(id), '\+[^@]*@', '@')
        ELSE lower(id) END) AS address_hash
FROM named
