-- One row per pair of labels that belong together though messages took different ones. Partition key: component.
SELECT DISTINCT mine.label AS one_no, theirs.label AS other_no
FROM part_joining AS joining
JOIN part_message_label AS mine
    ON mine.message_no = joining.message_no
JOIN part_token_label AS theirs
    ON theirs.token = joining.token
WHERE mine.label <> mine.last_label
    AND theirs.label <> mine.label
