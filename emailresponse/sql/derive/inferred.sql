-- One row per lead that the first message of another conversation to the lead's very address answers, before
-- anything else does (metrics.md 3). Partition key: company.
WITH ordered AS (
    SELECT
        company, component, segment, position, kind, message_at, contact,
        min(position) FILTER (kind = 'out') OVER whole AS out_position,
        min(position) FILTER (kind = 'main') OVER whole AS main_position,
        min(position) FILTER (kind = 'out') OVER later AS reply_position
    FROM part_touch
    WINDOW
        whole AS (PARTITION BY company, component, segment),
        later AS (
            PARTITION BY company, component, segment
            ORDER BY position
            ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING
        )
),

lead AS (
    SELECT *
    FROM ordered
    WHERE kind = 'main'
        AND position = main_position
        AND coalesce(out_position > main_position, TRUE)
),

opener_of AS (
    SELECT
        company,
        unnest(addresses) AS address,
        component,
        message_key,
        message_at,
        credit
    FROM part_touch
    WHERE kind = 'out'
        AND is_first
        AND NOT is_bulk
        AND outside_count <= $inferred_recipients
),

candidate AS (
    SELECT
        lead.company,
        lead.component,
        lead.segment,
        lead.position,
        lead.reply_position,
        opener_of.message_key,
        opener_of.message_at,
        opener_of.credit
    FROM lead
    JOIN opener_of
        ON opener_of.company = lead.company
        AND opener_of.address = lead.contact
        AND opener_of.component <> lead.component
        AND opener_of.message_at > lead.message_at
        AND opener_of.message_at <= lead.message_at + to_days(CAST($inferred_days AS INTEGER))
    QUALIFY row_number() OVER (
        PARTITION BY lead.company, lead.component, lead.segment
        ORDER BY opener_of.message_at, opener_of.message_key
    ) = 1
),

answered AS (
    SELECT
        candidate.company,
        candidate.component,
        candidate.segment,
        min(reply.message_at) AS reply_at,
        min(called.effective_at) FILTER (
            called.kind = 'call'
            OR coalesce(called.target_position < candidate.reply_position, TRUE)
        ) AS called_at
    FROM candidate
    LEFT JOIN part_touch AS reply
        ON reply.company = candidate.company
        AND reply.component = candidate.component
        AND reply.segment = candidate.segment
        AND reply.position = candidate.reply_position
    LEFT JOIN part_called AS called
        ON called.company = candidate.company
        AND called.component = candidate.component
        AND called.segment = candidate.segment
        AND called.lane = 'main'
    GROUP BY ALL
)

SELECT
    candidate.company,
    candidate.component,
    candidate.segment,
    candidate.message_key,
    candidate.message_at,
    candidate.credit,
    max(other.position) + 0.5 AS position
FROM candidate
JOIN answered
    USING (company, component, segment)
JOIN part_touch AS other
    ON other.company = candidate.company
    AND other.component = candidate.component
    AND other.segment = candidate.segment
    AND other.message_at <= candidate.message_at
WHERE coalesce(candidate.message_at < answered.reply_at, TRUE)
    AND coalesce(candidate.message_at < answered.called_at, TRUE)
GROUP BY ALL
