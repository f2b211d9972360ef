-- One row per wait: how many messages it holds, and what was decided by hand about any of them.
-- A dismissal is void when a chaser came after it; of several the latest to take effect counts.
-- Partition key: company.
WITH summed AS (
    SELECT
        lane_no, wait_no,
        count(*) - 1 AS chasers,
        coalesce(max(event_at) FILTER (NOT is_opener), TIMESTAMP '-infinity') AS last_at,
        count(gone) = count(*) AS is_gone,
        max(gone) AS gone
    FROM part_wait_part
    GROUP BY ALL
),

decided AS (
    SELECT
        part.lane_no, part.wait_no,
        max(decision.effective_at) FILTER (decision.kind = 'dismiss') AS dismissed_at,
        arg_max(decision.reason, (decision.effective_at, decision.override_no))
            FILTER (decision.kind = 'dismiss') AS dismissed_reason,
        arg_max(decision.decided_by, (decision.effective_at, decision.override_no))
            FILTER (decision.kind = 'dismiss') AS dismissed_by,
        arg_max(decision.person_id, decision.override_no) FILTER (decision.kind = 'assign') AS assigned_to
    FROM decision
    JOIN part_wait_part AS part
        ON part.message_no = decision.message_no
    GROUP BY ALL
)

SELECT
    summed.lane_no,
    summed.wait_no,
    summed.chasers,
    CASE WHEN summed.last_at <= decided.dismissed_at THEN 'hand'
        WHEN summed.is_gone THEN summed.gone END AS dismissed_kind,
    CASE WHEN summed.last_at <= decided.dismissed_at THEN decided.dismissed_reason END AS dismissed_reason,
    CASE WHEN summed.last_at <= decided.dismissed_at THEN decided.dismissed_by END AS dismissed_by,
    decided.assigned_to
FROM summed
LEFT JOIN decided
    USING (lane_no, wait_no)
