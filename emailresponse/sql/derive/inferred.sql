-- One row per lead that the first message of another conversation to the lead's very address answers, before
-- anything else does (metrics.md 3). Partition key: company.
WITH began AS (
    SELECT
        talk_no,
        min(position) FILTER (kind = 'main') AS main_position,
        min(position) FILTER (kind = 'out') AS out_position
    FROM part_touch
    GROUP BY talk_no
),

beginning AS (
    SELECT message_no, message_at, component
    FROM part_touch
    WHERE kind = 'out'
        AND position = 1
        AND NOT is_bulk
),

reached AS (
    SELECT DISTINCT beginning.*, recipient.address_no
    FROM beginning
    JOIN part_recipient AS recipient
        ON recipient.message_no = beginning.message_no
    WHERE NOT recipient.is_internal
        AND recipient.role <> 'delivered_to'
),

personal AS (
    SELECT *
    FROM reached
    QUALIFY count(*) OVER (PARTITION BY message_no) <= $inferred_recipients
),

lead AS (
    SELECT touch.*, hash(message.contact) AS contact_no
    FROM part_touch AS touch
    JOIN began
        ON began.talk_no = touch.talk_no
        AND began.main_position = touch.position
    JOIN part_message AS message
        ON message.message_no = touch.message_no
    WHERE touch.kind = 'main'
        AND coalesce(began.out_position > began.main_position, TRUE)
),

candidate AS (
    SELECT
        lead.talk_no,
        lead.company_no,
        lead.component,
        lead.segment,
        lead.position,
        personal.message_no,
        personal.message_at
    FROM lead
    JOIN personal
        ON personal.address_no = lead.contact_no
        AND personal.component <> lead.component
        AND personal.message_at > lead.message_at
        AND personal.message_at <= lead.message_at + to_days(CAST($inferred_days AS INTEGER))
    JOIN part_message AS sent
        ON sent.message_no = personal.message_no
    QUALIFY row_number() OVER (
        PARTITION BY lead.talk_no
        ORDER BY personal.message_at, sent.message_key
    ) = 1
),

replied AS (
    SELECT
        candidate.talk_no,
        min(reply.position) AS position,
        arg_min(reply.message_at, reply.position) AS reply_at
    FROM candidate
    JOIN part_touch AS reply
        ON reply.talk_no = candidate.talk_no
        AND reply.position > candidate.position
    WHERE reply.kind = 'out'
    GROUP BY candidate.talk_no
),

called AS (
    SELECT candidate.talk_no, min(called.effective_at) AS called_at
    FROM candidate
    JOIN part_called AS called
        ON called.talk_no = candidate.talk_no
    LEFT JOIN replied
        ON replied.talk_no = candidate.talk_no
    WHERE called.lane = 'main'
        AND (called.kind = 'call' OR coalesce(called.target_position < replied.position, TRUE))
    GROUP BY candidate.talk_no
)

SELECT
    candidate.talk_no,
    candidate.company_no,
    candidate.component,
    candidate.segment,
    candidate.message_no,
    candidate.message_at,
    max(other.position) + 0.5 AS position
FROM candidate
LEFT JOIN replied
    ON replied.talk_no = candidate.talk_no
LEFT JOIN called
    ON called.talk_no = candidate.talk_no
JOIN part_touch AS other
    ON other.talk_no = candidate.talk_no
    AND other.message_at <= candidate.message_at
WHERE coalesce(candidate.message_at < replied.reply_at, TRUE)
    AND coalesce(candidate.message_at < called.called_at, TRUE)
GROUP BY ALL
