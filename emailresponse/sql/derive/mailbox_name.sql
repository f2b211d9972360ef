-- One row per address by which a mailbox is addressed: its own, and its owner's where it is personal.
-- Partition key: mailbox.
SELECT mailbox, mailbox AS address
FROM mailbox
UNION
SELECT mailbox.mailbox, person_address.address
FROM mailbox
JOIN person_address
    ON person_address.person_id = mailbox.owner_id
WHERE mailbox.kind = 'personal'
