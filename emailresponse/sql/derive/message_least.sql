-- One row per message that shares a token: the least message it shares one with. Partition key: component.
SELECT joining.message_no, min(token_least.least_no) AS least_no
FROM part_joining AS joining
JOIN part_token_least AS token_least
    ON token_least.token = joining.token
GROUP BY joining.message_no
