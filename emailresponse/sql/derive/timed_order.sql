-- One row per message of a component of several: its place by time, then key. Partition key: component.
WITH counted AS (
    SELECT component, count(*) AS messages
    FROM part_component
    GROUP BY component
)

SELECT
    component.message_no,
    component.component,
    message.message_at,
    message.message_key,
    row_number() OVER (
        PARTITION BY component.component
        ORDER BY message.message_at NULLS FIRST, message.message_key
    ) AS place
FROM part_component AS component
JOIN counted
    ON counted.component = component.component
JOIN part_message AS message
    ON message.message_no = component.message_no
WHERE counted.messages > 1
