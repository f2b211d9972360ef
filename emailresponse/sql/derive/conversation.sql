-- One row per message: its conversation (named by the least key in it), segment and position. Nothing comes
-- before a message it names, then time, then key decide; a segment ends where nothing came for so many days.
-- `is_early`: its time is before that of a message it comes after. Partition key: component.
WITH placed AS (
    SELECT
        timed.message_no,
        timed.component,
        timed.message_key,
        timed.message_at,
        coalesce(mended.place, timed.place) AS position
    FROM part_timed_order AS timed
    LEFT JOIN part_mended_place AS mended
        ON mended.message_no = timed.message_no
),

reached AS (
    SELECT
        *,
        min(message_key) OVER (PARTITION BY component) AS conversation,
        max(message_at) OVER (
            PARTITION BY component
            ORDER BY position
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ) AS reached_at
    FROM placed
)

SELECT
    message_no,
    message_key,
    component,
    conversation,
    CASE WHEN message_at IS NOT NULL THEN CAST(1 + count(*) FILTER (
        message_at - reached_at >= to_days(CAST($segment_days AS INTEGER))
    ) OVER (
        PARTITION BY component
        ORDER BY position
        ROWS UNBOUNDED PRECEDING
    ) AS INTEGER) END AS segment,
    CAST(position AS INTEGER) AS position,
    coalesce(message_at < reached_at, FALSE) AS is_early
FROM reached
UNION ALL
SELECT
    message.message_no,
    message.message_key,
    component.component,
    message.message_key,
    CASE WHEN message.message_at IS NOT NULL THEN 1 END,
    1,
    FALSE
FROM part_component AS component
JOIN part_message AS message
    ON message.message_no = component.message_no
WHERE component.message_no NOT IN (SELECT message_no FROM part_timed_order)
