-- One row per note that people of ours wrote among themselves in a conversation. Partition key: component.
SELECT
    conversation.component,
    conversation.segment,
    conversation.position,
    message.message_no,
    message.message_at
FROM part_message AS message
JOIN part_conversation AS conversation
    ON conversation.message_no = message.message_no
JOIN part_verdict AS verdict
    ON verdict.message_no = message.message_no
WHERE message.direction = 'internal'
    AND verdict.verdict = 'human'
    AND message.message_at IS NOT NULL
    AND EXISTS (
        SELECT 1
        FROM part_recipient AS recipient
        WHERE recipient.message_no = message.message_no
            AND recipient.role <> 'delivered_to'
    )
