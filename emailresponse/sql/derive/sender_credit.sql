-- One row per message that a person's own mailbox holds as sent, where that is one person. Partition key: message.
SELECT
    identity.message_no,
    any_value(mailbox.owner_id) AS person_id
FROM part_present AS present
JOIN part_identity AS identity
    ON identity.copy_key = present.copy_key
JOIN mailbox
    ON hash(mailbox.mailbox) = present.mailbox_no
WHERE present.is_sent
    AND mailbox.kind = 'personal'
    AND mailbox.owner_id IS NOT NULL
GROUP BY identity.message_no
HAVING min(mailbox.owner_id) = max(mailbox.owner_id)
