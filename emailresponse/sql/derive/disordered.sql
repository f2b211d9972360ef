-- One row per message of a component in which time alone would put a message before one it names, and one per
-- name it gives there (named_no), in order of time, then key. Partition key: component.
WITH broken AS (
    SELECT DISTINCT earlier.component
    FROM part_named_message AS naming
    JOIN part_timed_order AS earlier
        ON earlier.message_no = naming.message_no
    JOIN part_timed_order AS named
        ON named.message_no = naming.named_no
    WHERE earlier.place < named.place
        AND earlier.component = named.component
)

SELECT
    timed.component,
    timed.message_no,
    timed.place,
    list(naming.named_no) FILTER (naming.named_no IS NOT NULL) AS named
FROM part_timed_order AS timed
LEFT JOIN part_named_message AS naming
    ON naming.message_no = timed.message_no
WHERE timed.component IN (SELECT component FROM broken)
GROUP BY ALL
ORDER BY timed.component, timed.place
