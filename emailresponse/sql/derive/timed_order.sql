-- One row per message of a component of several: its place by time, then key. Partition key: component.
WITH several AS (
    SELECT component
    FROM part_component
    GROUP BY component
    HAVING count(*) > 1
),

ranked AS (
    SELECT
        component.message_no,
        component.component,
        message.message_at,
        rank() OVER (PARTITION BY component.component ORDER BY message.message_at NULLS FIRST) AS place
    FROM part_component AS component
    JOIN (SELECT message_no, message_at FROM part_message) AS message
        ON message.message_no = component.message_no
    WHERE component.component IN (SELECT component FROM several)
),

-- The key is read only where the time does not tell.
tied AS (
    SELECT
        ranked.message_no,
        row_number() OVER (PARTITION BY ranked.component, ranked.place ORDER BY message.message_key) - 1 AS behind
    FROM ranked
    JOIN part_message AS message
        ON message.message_no = ranked.message_no
    JOIN (SELECT component, place FROM ranked GROUP BY ALL HAVING count(*) > 1) AS tie
        ON tie.component = ranked.component
        AND tie.place = ranked.place
)

SELECT
    ranked.message_no,
    ranked.component,
    ranked.message_at,
    ranked.place + coalesce(tied.behind, 0) AS place
FROM ranked
LEFT JOIN tied
    ON tied.message_no = ranked.message_no
