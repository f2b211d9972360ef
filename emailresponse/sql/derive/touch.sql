-- One row per message of a person and company it passes between: inbound on the main lane, inbound on the Cc
-- lane, outbound. `is_first` says that the message begins its conversation; `talk_no` is one company in one segment.
-- Partition key: component.
WITH human AS (
    SELECT
        message.*,
        conversation.component,
        conversation.conversation,
        conversation.segment,
        conversation.position,
        conversation.is_early,
        verdict.rule
    FROM part_message AS message
    JOIN part_conversation AS conversation
        ON conversation.message_no = message.message_no
    JOIN part_verdict AS verdict
        ON verdict.message_no = message.message_no
    WHERE verdict.verdict = 'human'
        AND message.message_at IS NOT NULL
),

tracked AS (
    SELECT message_no, bool_and(role = 'cc') AS is_cc_only
    FROM part_recipient
    WHERE is_tracked
        AND role <> 'delivered_to'
    GROUP BY message_no
),

reached AS (
    SELECT DISTINCT message_no, company
    FROM part_recipient
    WHERE NOT is_internal
        AND role <> 'delivered_to'
)

SELECT
    human.company,
    human.component,
    human.conversation,
    human.segment,
    human.position,
    human.position = 1 AS is_first,
    CASE WHEN tracked.is_cc_only AND NOT human.is_form THEN 'cc' ELSE 'main' END AS kind,
    human.message_no,
    human.message_key,
    human.message_at,
    human.contact,
    human.mailbox,
    human.is_form,
    human.rule,
    NULL AS credit,
    FALSE AS is_bulk,
    FALSE AS is_early,
    hash(human.company, human.component, human.segment) AS talk_no
FROM human
LEFT JOIN tracked
    ON tracked.message_no = human.message_no
LEFT JOIN mailbox
    ON mailbox.mailbox = human.mailbox
WHERE human.direction = 'inbound'
    AND human.company IS NOT NULL
    AND (mailbox.backfill_from IS NULL OR human.message_at >= mailbox.backfill_from)
UNION ALL
SELECT
    reached.company,
    human.component,
    human.conversation,
    human.segment,
    human.position,
    human.position = 1,
    'out',
    human.message_no,
    human.message_key,
    human.message_at,
    NULL,
    human.mailbox,
    FALSE,
    human.rule,
    human.credit,
    human.is_bulk_anywhere,
    human.is_early,
    hash(reached.company, human.component, human.segment)
FROM human
JOIN reached
    ON reached.message_no = human.message_no
WHERE human.direction = 'outbound'
