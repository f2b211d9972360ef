-- One row per event of a lane: which turn and which wait of the segment it belongs to, and whether it opens
-- that wait. A turn ends with an answer or a closing by hand; within a turn that follows an answer of ours a
-- message after so many days of silence opens a wait of its own (metrics.md 3). Partition key: company.
WITH counted AS (
    SELECT
        *,
        count(*) FILTER (kind = 'in') OVER before AS in_before,
        count(*) FILTER (kind <> 'in') OVER before AS turn,
        count(*) FILTER (kind = 'out') OVER before AS out_before
    FROM part_event
    WINDOW before AS (
        PARTITION BY company, component, segment, lane
        ORDER BY position, event_at, kind
        ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
    )
),

answered AS (
    SELECT
        *,
        count(*) FILTER (kind NOT IN ('in', 'by_hand') AND in_before > 0) OVER before > 0 AS follows_answer,
        lag(event_at) OVER turn_so_far AS before_at
    FROM counted
    WINDOW
        before AS (
            PARTITION BY company, component, segment, lane
            ORDER BY position, event_at, kind
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ),
        turn_so_far AS (
            PARTITION BY company, component, segment, lane, turn, kind
            ORDER BY position, event_at
        )
),

opened AS (
    SELECT
        *,
        kind = 'in' AND (
            before_at IS NULL
            OR (lane = 'main' AND follows_answer
                AND event_at - before_at >= to_days(CAST($supersede_days AS INTEGER)))
        ) AS is_opener
    FROM answered
)

SELECT
    company,
    component,
    segment,
    lane,
    position,
    event_at,
    kind,
    message_key,
    credit,
    decided_by,
    reason,
    turn,
    out_before,
    is_opener,
    count(*) FILTER (is_opener) OVER (
        PARTITION BY company, component, segment, lane
        ORDER BY position, event_at, kind
        ROWS UNBOUNDED PRECEDING
    ) AS wait_no
FROM opened
