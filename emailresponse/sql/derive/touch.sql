-- One row per message of a person and company it passes between: inbound on the main lane, inbound on the Cc
-- lane, outbound. `is_first` says that the message begins its conversation; `talk_no` is one company in one segment.
-- Partition key: component.
WITH human AS (
    SELECT
        message.message_no,
        message.direction,
        message.message_at,
        message.company_no,
        message.mailbox,
        message.is_form,
        message.is_bulk_anywhere,
        conversation.component,
        conversation.segment,
        conversation.position,
        conversation.is_early
    FROM part_message AS message
    JOIN part_conversation AS conversation
        ON conversation.message_no = message.message_no
    JOIN part_verdict AS verdict
        ON verdict.message_no = message.message_no
    WHERE verdict.verdict = 'human'
        AND message.message_at IS NOT NULL
        AND message.direction IN ('inbound', 'outbound')
),

cc_only AS (
    SELECT message_no
    FROM part_recipient
    WHERE is_tracked
        AND role <> 'delivered_to'
    GROUP BY message_no
    HAVING bool_and(role = 'cc')
),

reached AS (
    SELECT DISTINCT recipient.message_no, address.company_no
    FROM part_recipient AS recipient
    JOIN address
        ON address.address_no = recipient.address_no
    WHERE NOT recipient.is_internal
        AND recipient.role <> 'delivered_to'
),

passed AS (
    SELECT
        human.company_no,
        human.component,
        human.segment,
        human.position,
        CASE WHEN cc_only.message_no IS NOT NULL AND NOT human.is_form THEN 'cc' ELSE 'main' END AS kind,
        human.message_no,
        human.message_at,
        FALSE AS is_bulk,
        FALSE AS is_early
    FROM human
    LEFT JOIN cc_only
        ON cc_only.message_no = human.message_no
    LEFT JOIN mailbox
        ON mailbox.mailbox = human.mailbox
    WHERE human.direction = 'inbound'
        AND human.company_no IS NOT NULL
        AND (mailbox.backfill_from IS NULL OR human.message_at >= mailbox.backfill_from)
    UNION ALL
    SELECT
        reached.company_no,
        human.component,
        human.segment,
        human.position,
        'out',
        human.message_no,
        human.message_at,
        human.is_bulk_anywhere,
        human.is_early
    FROM human
    JOIN reached
        ON reached.message_no = human.message_no
    WHERE human.direction = 'outbound'
)

SELECT
    *,
    hash(company_no, component, segment) AS talk_no
FROM passed
