-- One row per message of which every inbound copy has since been trashed, deleted or marked as spam.
-- Partition key: message.
WITH going AS (
    SELECT message_no
    FROM part_identity
    WHERE copy_key IN (SELECT copy_key FROM part_present WHERE gone IS NOT NULL)
)

SELECT
    identity.message_no,
    CASE WHEN bool_or(present.gone = 'trashed') THEN 'trashed' ELSE 'spam' END AS gone
FROM part_present AS present
JOIN part_identity AS identity
    ON identity.copy_key = present.copy_key
WHERE NOT present.is_sent
    AND identity.message_no IN (SELECT message_no FROM going)
GROUP BY identity.message_no
HAVING bool_and(present.gone IS NOT NULL)
