-- One row per keyed copy: the key of its message, equal copies merged.
-- Partition key: message key (the group of equal copies where an archive is merged).
WITH merged AS (
    SELECT equal_group, min(message_key) AS message_key
    FROM part_keyed
    WHERE equal_group IS NOT NULL
    GROUP BY equal_group
),

-- A copy that is not merged itself follows the id it shares with one that is.
renamed AS (
    SELECT keyed.message_key AS old_key, min(merged.message_key) AS message_key
    FROM part_keyed AS keyed
    JOIN merged
        ON merged.equal_group = keyed.equal_group
    GROUP BY keyed.message_key
    HAVING min(merged.message_key) <> keyed.message_key
),

named AS (
    SELECT
        keyed.copy_key,
        coalesce(further.message_key, renamed.message_key, keyed.message_key) AS message_key,
        keyed.is_joining
    FROM part_keyed AS keyed
    LEFT JOIN renamed
        ON renamed.old_key = keyed.message_key
    LEFT JOIN renamed AS further
        ON further.old_key = renamed.message_key
),

numbered AS (
    SELECT message_key, min(copy_key) AS message_no, count(*) AS copies
    FROM named
    GROUP BY message_key
)

SELECT
    named.copy_key,
    numbered.message_no,
    numbered.copies,
    named.message_key,
    named.is_joining
FROM named
JOIN numbered
    ON numbered.message_key = named.message_key
