-- One row per message, role and address that any copy of it names. Partition key: message.
WITH named AS (
    SELECT copy_key, 'to' AS role, unnest(to_addresses) AS address FROM part_present
    UNION ALL
    SELECT copy_key, 'cc', unnest(cc_addresses) FROM part_present
    UNION ALL
    SELECT copy_key, 'bcc', unnest(bcc_addresses) FROM part_present
    UNION ALL
    SELECT copy_key, 'delivered_to', unnest(delivered_to) FROM part_present
),

told AS (
    SELECT identity.message_no, named.role, named.address
    FROM named
    JOIN part_identity AS identity
        ON identity.copy_key = named.copy_key
    WHERE identity.copies = 1
    UNION ALL
    SELECT DISTINCT identity.message_no, named.role, named.address
    FROM named
    JOIN part_identity AS identity
        ON identity.copy_key = named.copy_key
    WHERE identity.copies > 1
)

SELECT
    told.message_no,
    told.role,
    told.address,
    address.is_internal,
    address.is_tracked,
    address.person_id,
    address.company
FROM told
JOIN address
    ON address.address = told.address
