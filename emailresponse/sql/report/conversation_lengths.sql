-- One row per number of human inbound and outbound messages: how many conversations of a chosen wait have so many.
WITH asked AS (
    SELECT DISTINCT conversation
    FROM chosen($asked)
),
sides AS (
    SELECT
        conversation.conversation,
        count(*) FILTER (WHERE message.direction = 'inbound') AS inbound,
        count(*) FILTER (WHERE message.direction = 'outbound') AS outbound
    FROM conversation
    SEMI JOIN asked
        ON asked.conversation = conversation.conversation
    JOIN message
        ON message.message_no = conversation.message_no
    JOIN verdict
        ON verdict.message_no = conversation.message_no
    WHERE verdict.verdict IN ('human', 'suspected_automatic')
    GROUP BY ALL
)
SELECT
    inbound,
    outbound,
    count(*) AS conversations
FROM sides
GROUP BY ALL
ORDER BY inbound, outbound
