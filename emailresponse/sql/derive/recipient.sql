-- One row per message, role and address that any copy of it names. Partition key: message.
WITH named AS (
    SELECT copy_key, 'to' AS role, unnest(to_addresses) AS address FROM part_present
    UNION ALL
    SELECT copy_key, 'cc', unnest(cc_addresses) FROM part_present
    UNION ALL
    SELECT copy_key, 'bcc', unnest(bcc_addresses) FROM part_present
    UNION ALL
    SELECT copy_key, 'delivered_to', unnest(delivered_to) FROM part_present
)

SELECT DISTINCT
    identity.message_no,
    named.role,
    named.address,
    address.is_internal,
    address.is_tracked,
    address.person_id,
    address.company
FROM named
JOIN part_identity AS identity
    ON identity.copy_key = named.copy_key
JOIN address
    ON address.address = named.address
