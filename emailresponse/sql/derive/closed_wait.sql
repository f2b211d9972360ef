-- One row per wait with what closed it: the answer that ends its turn, else the first of a later segment, which
-- is late; a wait that another superseded is closed by nothing. Partition key: company.
WITH opener AS (
    SELECT *
    FROM part_turn
    WHERE is_opener
),

superseded AS (
    SELECT
        opener.*,
        CASE WHEN lead(turn) OVER following = turn THEN lead(event_at) OVER following END AS superseded_at,
        CASE WHEN lead(turn) OVER following = turn THEN lead(position) OVER following END AS superseded_position
    FROM opener
    WINDOW following AS (PARTITION BY company, component, segment, lane ORDER BY wait_no)
),

ended AS (
    SELECT
        superseded.*,
        closer.kind AS close_kind,
        closer.message_key AS close_key,
        closer.event_at AS close_at,
        closer.credit AS close_credit,
        closer.position AS close_position,
        closer.decided_by AS close_decided_by,
        closer.reason AS close_reason
    FROM superseded
    LEFT JOIN part_turn AS closer
        ON closer.company = superseded.company
        AND closer.component = superseded.component
        AND closer.segment = superseded.segment
        AND closer.lane = superseded.lane
        AND closer.turn = superseded.turn
        AND closer.wait_no = superseded.wait_no
        AND closer.kind <> 'in'
)

SELECT
    ended.company,
    ended.component,
    ended.segment,
    ended.lane,
    ended.wait_no,
    ended.position,
    ended.message_key,
    ended.event_at AS opened_at,
    ended.out_before,
    ended.superseded_at,
    CASE WHEN ended.close_kind IS NOT NULL THEN ended.close_kind
        WHEN ended.superseded_at IS NULL THEN late_answer.kind END AS close_kind,
    CASE WHEN ended.close_kind IS NOT NULL THEN ended.close_key
        WHEN ended.superseded_at IS NULL THEN late_answer.message_key END AS closed_by,
    CASE WHEN ended.close_kind IS NOT NULL THEN ended.close_at
        WHEN ended.superseded_at IS NULL THEN late_answer.event_at END AS closed_at,
    CASE WHEN ended.close_kind IS NOT NULL THEN ended.close_credit
        WHEN ended.superseded_at IS NULL THEN late_answer.credit END AS credit,
    CASE WHEN ended.close_kind IS NOT NULL THEN ended.close_decided_by
        WHEN ended.superseded_at IS NULL THEN late_answer.decided_by END AS decided_by,
    ended.close_reason,
    ended.close_kind IS NULL AND ended.superseded_at IS NULL AND late_answer.kind IS NOT NULL AS is_from_later_segment,
    CASE WHEN ended.close_kind = 'out' THEN ended.close_position ELSE ended.superseded_position END AS end_position
FROM ended
ASOF LEFT JOIN part_late_answer AS late_answer
    ON late_answer.company = ended.company
    AND late_answer.component = ended.component
    AND late_answer.segment > ended.segment
