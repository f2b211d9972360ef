-- One row per address that people, mailboxes and groups name as ours. Partition key: address.
SELECT
    address,
    max(person_id) AS person_id,
    max(mailbox) AS mailbox
FROM (
    SELECT address, person_id, NULL AS mailbox
    FROM person_address
    UNION ALL
    SELECT mailbox, owner_id, mailbox
    FROM mailbox
    UNION ALL
    SELECT address, NULL, NULL
    FROM internal_group
)
GROUP BY address
