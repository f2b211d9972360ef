-- One row per message of the components that hold form mail. Partition key: component.
SELECT component.message_no
FROM part_joined_component AS component
WHERE component.component IN (
    SELECT component.component
    FROM part_joined_component AS component
    JOIN part_message AS message
        ON message.message_no = component.message_no
    WHERE message.is_form
)
