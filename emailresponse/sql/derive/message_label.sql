-- One row per message that shares a token: the least and the greatest label of its tokens. Partition key: component.
SELECT
    joining.message_no,
    min(token_label.label) AS label,
    max(token_label.label) AS last_label
FROM part_joining AS joining
JOIN part_token_label AS token_label
    ON token_label.token = joining.token
GROUP BY joining.message_no
