-- One row per message: the component it belongs to, named by one of its messages. Partition key: component.
SELECT
    labelled.message_no,
    coalesce(merged.component, labelled.least_no) AS component
FROM (
    SELECT message.message_no, coalesce(message_least.least_no, message.message_no) AS least_no
    FROM part_labelled AS message
    LEFT JOIN part_message_least AS message_least
        ON message_least.message_no = message.message_no
) AS labelled
LEFT JOIN merged_label AS merged
    ON merged.label = labelled.least_no
