-- One row per copy in the data: the message it is a copy of. `message_no` is the least copy key of the message.
-- Partition key: message key (the group of equal copies where an archive is merged).
WITH merged AS (
    SELECT equal_group, min(message_key) AS message_key
    FROM part_keyed
    WHERE equal_group IS NOT NULL
    GROUP BY equal_group
),

named AS (
    SELECT
        keyed.copy_key,
        coalesce(merged.message_key, keyed.message_key) AS message_key,
        keyed.joining_id
    FROM part_keyed AS keyed
    LEFT JOIN merged
        ON merged.equal_group = keyed.equal_group
),

numbered AS (
    SELECT message_key, min(copy_key) AS message_no, count(*) AS copies
    FROM named
    GROUP BY message_key
)

SELECT
    named.copy_key,
    numbered.message_no,
    named.message_key,
    numbered.copies,
    named.joining_id
FROM named
JOIN numbered
    ON numbered.message_key = named.message_key
