-- One row per message: the persons it is addressed to, each named in To; by Bcc or Delivered-To only if one
-- (metrics.md 8). Partition key: message.
SELECT
    message_no,
    CASE WHEN count(person_id) FILTER (role = 'to') > 0
        THEN list(DISTINCT person_id ORDER BY person_id) FILTER (role = 'to')
        WHEN count(DISTINCT person_id) FILTER (role IN ('bcc', 'delivered_to')) = 1
        THEN list(DISTINCT person_id) FILTER (role IN ('bcc', 'delivered_to'))
        ELSE [] END AS people
FROM part_recipient
WHERE person_id IS NOT NULL
GROUP BY message_no
