-- One row per event of a lane: which turn and which wait of the segment it belongs to, and whether it opens
-- that wait. A turn ends with an answer or a closing by hand; within a turn that follows an answer of ours a
-- message after so many days of silence opens a wait of its own (metrics.md 3). Partition key: company.
WITH counted AS (
    SELECT
        *,
        count(*) FILTER (kind <> 'in') OVER before AS turn,
        count(*) FILTER (kind = 'out') OVER before AS out_before,
        max(position) FILTER (kind <> 'in') OVER before AS closed_position,
        max(position) FILTER (kind NOT IN ('in', 'by_hand')) OVER before AS answer_position,
        max(position) FILTER (kind = 'in') OVER before AS in_position,
        min(position) FILTER (kind = 'in') OVER before AS first_position,
        lag(CASE WHEN kind = 'in' THEN event_at END IGNORE NULLS) OVER ordered AS in_at
    FROM part_event
    WINDOW
        ordered AS (
            PARTITION BY lane_no
            ORDER BY position, event_at, kind
        ),
        before AS (
            PARTITION BY lane_no
            ORDER BY position, event_at, kind
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        )
),

opened AS (
    SELECT
        *,
        kind = 'in' AND (
            in_position IS NULL
            OR coalesce(closed_position > in_position, FALSE)
            OR (lane = 'main'
                AND coalesce(answer_position > first_position, FALSE)
                AND event_at - in_at >= to_days(CAST($supersede_days AS INTEGER)))
        ) AS is_opener
    FROM counted
)

SELECT
    lane_no,
    talk_no,
    company_no,
    component,
    segment,
    lane,
    position,
    event_at,
    kind,
    message_no,
    override_no,
    turn,
    out_before,
    is_opener,
    count(*) FILTER (is_opener) OVER (
        PARTITION BY lane_no
        ORDER BY position, event_at, kind
        ROWS UNBOUNDED PRECEDING
    ) AS wait_no
FROM opened
