-- One row per token that several messages share: the label of the least of them. Partition key: component.
SELECT token_least.token, message_least.least_no AS label
FROM part_token_least AS token_least
JOIN part_message_least AS message_least
    ON message_least.message_no = token_least.least_no
