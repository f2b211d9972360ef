-- One row per token that several messages share: the least of them. Partition key: token.
SELECT token, min(message_no) AS least_no
FROM part_joining
GROUP BY token
HAVING min(message_no) <> max(message_no)
