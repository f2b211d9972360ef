-- One row per message of which every inbound copy has since been trashed, deleted or marked as spam.
-- Partition key: message.
SELECT
    identity.message_no,
    CASE WHEN bool_or(present.gone = 'trashed') THEN 'trashed' ELSE 'spam' END AS gone
FROM part_present AS present
JOIN part_identity AS identity
    ON identity.copy_key = present.copy_key
WHERE NOT present.is_sent
GROUP BY identity.message_no
HAVING bool_and(present.gone IS NOT NULL)
