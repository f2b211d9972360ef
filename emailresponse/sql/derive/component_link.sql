-- One row per pair of labels that belong together though messages took different ones. Partition key: component.
SELECT DISTINCT mine.least_no AS one_no, theirs.least_no AS other_no
FROM part_joining AS joining
JOIN part_token_least AS token_least
    ON token_least.token = joining.token
JOIN part_message_least AS mine
    ON mine.message_no = joining.message_no
JOIN part_message_least AS theirs
    ON theirs.message_no = token_least.least_no
WHERE mine.least_no <> theirs.least_no
