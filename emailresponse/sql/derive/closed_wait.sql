-- One row per wait with what closed it: the answer that ends its turn, else the first of a later segment, which
-- is late; a wait that another superseded is closed by nothing. Partition key: company.
WITH opener AS (
    SELECT
        *,
        lead(turn) OVER following = turn AS is_superseded,
        lead(event_at) OVER following AS next_at,
        lead(position) OVER following AS next_position
    FROM part_turn
    WHERE is_opener
    WINDOW following AS (PARTITION BY lane_no ORDER BY wait_no)
),

closer AS (
    SELECT lane_no, wait_no, turn, kind, message_no, override_no, event_at, position
    FROM part_turn
    WHERE kind <> 'in'
),

unanswered AS (
    SELECT opener.message_no, opener.company_no, opener.component, opener.segment
    FROM opener
    LEFT JOIN closer
        ON closer.lane_no = opener.lane_no
        AND closer.turn = opener.turn
    WHERE closer.kind IS NULL
        AND opener.is_superseded IS DISTINCT FROM TRUE
        AND opener.component IN (SELECT component FROM part_late_answer)
),

late AS (
    SELECT
        unanswered.message_no,
        answer.kind, answer.message_no AS closer_no, answer.override_no, answer.event_at
    FROM unanswered
    ASOF JOIN part_late_answer AS answer
        ON answer.component = unanswered.component
        AND answer.company_no = unanswered.company_no
        AND answer.segment > unanswered.segment
)

SELECT
    opener.lane_no,
    opener.talk_no,
    opener.wait_no,
    opener.company_no,
    opener.component,
    opener.segment,
    opener.lane,
    opener.position,
    opener.message_no,
    opener.event_at AS opened_at,
    opener.out_before,
    CASE WHEN opener.is_superseded THEN opener.next_at END AS superseded_at,
    coalesce(closer.kind, late.kind) AS close_kind,
    CASE WHEN closer.kind IS NULL THEN late.closer_no ELSE closer.message_no END AS closer_no,
    CASE WHEN closer.kind IS NULL THEN late.override_no ELSE closer.override_no END AS override_no,
    CASE WHEN closer.kind IS NULL THEN late.event_at ELSE closer.event_at END AS closed_at,
    closer.kind IS NULL AND late.kind IS NOT NULL AS is_from_later_segment,
    CASE WHEN opener.is_superseded THEN opener.next_position
        WHEN closer.kind = 'out' THEN closer.position END AS end_position
FROM opener
LEFT JOIN closer
    ON closer.lane_no = opener.lane_no
    AND closer.wait_no = opener.wait_no
    AND closer.turn = opener.turn
LEFT JOIN late
    ON late.message_no = opener.message_no
