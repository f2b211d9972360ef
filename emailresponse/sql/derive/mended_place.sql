-- One row per message whose place in its conversation is not that of its time. Partition key: component.
SELECT message_no, place
FROM mended_rows
