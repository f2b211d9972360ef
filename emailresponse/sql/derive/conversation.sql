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

-- Only components of several messages have a place by time.
called AS (
    SELECT timed.component, min(message.message_key) AS conversation
    FROM part_timed_order AS timed
    JOIN (SELECT message_no, message_key FROM part_message) AS message
        ON message.message_no = timed.message_no
    GROUP BY timed.component
),

found AS (
    SELECT component.message_no, component.component, cut.segment, cut.position, cut.is_early
    FROM part_component AS component
    LEFT JOIN cut
        ON cut.message_no = component.message_no
)

SELECT
    message.message_no,
    message.message_key,
    found.component,
    CASE WHEN found.position IS NULL THEN message.message_key ELSE called.conversation END AS conversation,
    CASE WHEN found.position IS NOT NULL THEN found.segment WHEN message.message_at IS NOT NULL THEN 1 END AS segment,
    coalesce(found.position, 1) AS position,
    coalesce(found.is_early, FALSE) AS is_early
FROM (SELECT message_no, message_key, message_at FROM part_message) AS message
-- An outer join until the very filter, or DuckDB would hash the wide messages, not the narrow side.
LEFT JOIN found
    ON found.message_no = message.message_no
LEFT JOIN called
    ON called.component = found.component
WHERE coalesce(found.message_no, 0) = message.message_no
