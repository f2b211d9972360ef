-- One row per message that became, or ceased to be, one of many alike in a day, and is not at hand.
SELECT message_no
FROM (
    (SELECT message_no FROM part_repeated_before EXCEPT SELECT message_no FROM part_repeated)
    UNION
    (SELECT message_no FROM part_repeated EXCEPT SELECT message_no FROM part_repeated_before)
)
WHERE message_no NOT IN (SELECT message_no FROM part_message)
    AND message_no IN (SELECT message_no FROM message)
