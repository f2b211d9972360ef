-- One row per message: whether a person wrote it, and the rule that says so (metrics.md 6). The first rule that
-- fires decides; our own messages are judged by five rules alone. Partition key: component.
WITH corrected AS (
    SELECT message_no, arg_max(kind, override_no) AS kind
    FROM part_decision
    WHERE kind IN ('human', 'automated')
    GROUP BY message_no
),

answering AS (
    SELECT DISTINCT message_no
    FROM part_named_message
    WHERE named_no IN (SELECT message_no FROM part_message WHERE is_ours)
        AND message_no NOT IN (SELECT message_no FROM part_message WHERE is_ours)
),

hidden AS (
    SELECT message.message_no, message.message_at, conversation.component
    FROM part_message AS message
    JOIN part_conversation AS conversation
        ON conversation.message_no = message.message_no
    WHERE message.is_ours
        AND message.is_hidden
),

suspected AS (
    SELECT hidden.message_no
    FROM hidden
    JOIN part_conversation AS received_in
        ON received_in.component = hidden.component
    JOIN part_message AS received
        ON received.message_no = received_in.message_no
    WHERE received.direction = 'inbound'
        AND hidden.message_at BETWEEN received.message_at
            AND received.message_at + to_seconds(CAST($suspected_seconds AS DOUBLE))
    UNION
    SELECT hidden.message_no
    FROM hidden
    JOIN repeated
        ON repeated.message_no = hidden.message_no
),

signs AS (
    SELECT
        message.message_no,
        message.is_ours,
        message.is_form,
        corrected.kind AS corrected,
        message.is_bulk,
        message.is_own_list,
        answering.message_no IS NOT NULL AS is_answering,
        message.is_hidden AND suspected.message_no IS NOT NULL AS is_suspected,
        message.marks,
        message.is_no_reply
    FROM part_message AS message
    LEFT JOIN corrected
        ON corrected.message_no = message.message_no
    LEFT JOIN answering
        ON answering.message_no = message.message_no
    LEFT JOIN suspected
        ON suspected.message_no = message.message_no
),

marked AS (
    SELECT
        message_no,
        is_ours,
        CASE
            WHEN marks IS NULL THEN NULL
            WHEN is_ours THEN CASE
                WHEN list_contains(marks, 'report') OR list_contains(marks, 'delivery_status') THEN 'report'
                WHEN list_contains(marks, 'calendar') THEN 'calendar'
                WHEN list_contains(marks, 'auto_submitted') THEN 'auto_submitted'
                WHEN list_contains(marks, 'auto_header') THEN 'auto_header'
                WHEN list_contains(marks, 'no_reply') THEN 'no_reply_address' END
            WHEN list_has_any(marks, ['delivery_status', 'failed_recipients', 'daemon']) THEN 'bounce'
            WHEN list_contains(marks, 'report') THEN 'report'
            WHEN list_contains(marks, 'calendar') THEN 'calendar'
            WHEN is_form THEN 'form_sender'
            WHEN list_contains(marks, 'auto_submitted') THEN 'auto_submitted'
            WHEN list_contains(marks, 'null_return_path') THEN 'null_sender'
            WHEN list_contains(marks, 'auto_header') THEN 'auto_header'
            WHEN list_contains(marks, 'out_of_office') THEN 'out_of_office'
            WHEN is_answering THEN 'answers_ours'
            WHEN list_contains(marks, 'no_reply') THEN 'no_reply_address' END AS mark_rule,
        corrected,
        is_form,
        is_answering,
        is_no_reply,
        is_suspected,
        is_bulk,
        is_own_list
    FROM signs
),

ruled AS (
    SELECT
        message_no,
        corrected,
        CASE
            WHEN corrected IS NOT NULL THEN 'override'
            WHEN mark_rule IS NOT NULL THEN mark_rule
            WHEN is_ours THEN CASE
                WHEN is_no_reply THEN 'no_reply_address'
                WHEN is_suspected THEN 'suspected_automatic' END
            WHEN is_form THEN 'form_sender'
            WHEN is_answering THEN 'answers_ours'
            WHEN is_no_reply THEN 'no_reply_address'
            WHEN is_bulk THEN 'bulk'
            WHEN is_own_list THEN 'own_group' END AS rule
    FROM marked
)

SELECT
    message_no,
    CASE
        WHEN corrected IS NOT NULL THEN corrected
        WHEN rule IS NULL THEN 'human'
        WHEN rule IN ('bounce', 'calendar', 'bulk', 'suspected_automatic') THEN rule
        WHEN rule IN ('report', 'auto_submitted', 'null_sender', 'auto_header', 'out_of_office', 'no_reply_address')
            THEN 'automated'
        ELSE 'human' END AS verdict,
    rule
FROM ruled
