-- One row per message: the component it belongs to, named by one of its messages. Partition key: component.
SELECT
    message.message_no,
    coalesce(merged.component, message_label.label, message.message_no) AS component
FROM part_labelled AS message
LEFT JOIN part_message_label AS message_label
    ON message_label.message_no = message.message_no
LEFT JOIN merged_label AS merged
    ON merged.label = message_label.label
