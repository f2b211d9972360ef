-- One row per message: its conversation (named by the least key in it), segment and position. Nothing comes
-- before a message it names, then time, then key decide; a segment ends where nothing came for so many days.
-- `is_early`: its time is before that of a message it comes after. Partition key: component.
WITH placed AS (
    SELECT
        timed.message_no,
        timed.component,
        timed.message_at,
        coalesce(mended.place, timed.place) AS position
    FROM part_timed_order AS timed
    LEFT JOIN part_mended_place AS mended
        ON mended.message_no = timed.message_no
),

reached AS (
    SELECT
        *,
        max(message_at) OVER (
            PARTITION BY component
            ORDER BY position
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ) AS reached_at
    FROM placed
),

cut AS (
    SELECT
        message_no,
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
),

called AS (
    SELECT component.component, min(message.message_key) AS conversation
    FROM part_component AS component
    JOIN part_message AS message
        ON message.message_no = component.message_no
    GROUP BY component.component
)

SELECT
    message.message_no,
    message.message_key,
    component.component,
    called.conversation,
    CASE WHEN cut.message_no IS NOT NULL THEN cut.segment WHEN message.message_at IS NOT NULL THEN 1 END AS segment,
    coalesce(cut.position, 1) AS position,
    coalesce(cut.is_early, FALSE) AS is_early
FROM part_message AS message
JOIN part_component AS component
    ON component.message_no = message.message_no
JOIN called
    ON called.component = component.component
LEFT JOIN cut
    ON cut.message_no = message.message_no
