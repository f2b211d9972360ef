-- One row per message, role and address that any copy of it names. Partition key: message.
WITH named AS (
    SELECT copy_key, 'to' AS role, hash(unnest(to_addresses)) AS address_no FROM part_copy
    UNION ALL
    SELECT copy_key, 'cc', hash(unnest(cc_addresses)) FROM part_copy
    UNION ALL
    SELECT copy_key, 'bcc', hash(unnest(bcc_addresses)) FROM part_copy
    UNION ALL
    SELECT copy_key, 'delivered_to', hash(unnest(delivered_to)) FROM part_copy
),

told AS (
    SELECT identity.message_no, named.role, named.address_no, identity.copies
    FROM named
    JOIN part_identity AS identity
        ON identity.copy_key = named.copy_key
),

distinct_told AS (
    SELECT message_no, role, address_no
    FROM told
    WHERE copies = 1
    UNION ALL
    SELECT DISTINCT message_no, role, address_no
    FROM told
    WHERE copies > 1
)

SELECT
    distinct_told.message_no,
    distinct_told.role,
    distinct_told.address_no,
    address.is_internal,
    address.is_tracked
FROM distinct_told
JOIN address
    ON address.address_no = distinct_told.address_no
