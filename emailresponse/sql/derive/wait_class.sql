-- One row per wait: its class, the first that fits (metrics.md 2). Partition key: company.
WITH lead AS (
    SELECT message_no, company_no, component, position, opened_at
    FROM part_closed_wait
    WHERE lane = 'main'
        AND wait_no = 1
        AND out_before = 0
),

written AS (
    SELECT company_no, message_at
    FROM part_touch
    WHERE kind = 'out'
        AND NOT is_early
),

known AS (
    SELECT lead.message_no
    FROM lead
    ASOF JOIN written
        ON written.company_no = lead.company_no
        AND written.message_at < lead.opened_at
    WHERE written.message_at >= lead.opened_at - to_days(CAST($lead_memory_days AS INTEGER))
    UNION
    -- A message that is early by its time may answer the very lead it seems to precede.
    SELECT lead.message_no
    FROM lead
    JOIN part_touch AS early
        ON early.company_no = lead.company_no
        AND early.message_at < lead.opened_at
        AND early.message_at >= lead.opened_at - to_days(CAST($lead_memory_days AS INTEGER))
    WHERE early.kind = 'out'
        AND early.is_early
        AND NOT (early.component = lead.component AND early.position > lead.position)
)

SELECT
    wait.message_no,
    CASE
        WHEN wait.lane = 'cc' THEN 'cc_only'
        WHEN wait.wait_no > 1 THEN 'follow_up'
        WHEN wait.out_before > 0 THEN 'prospect_reply'
        WHEN known.message_no IS NOT NULL THEN 'lead_known'
        ELSE 'lead_new' END AS class
FROM part_closed_wait AS wait
LEFT JOIN known
    ON known.message_no = wait.message_no
