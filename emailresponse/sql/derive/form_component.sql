-- One row per message of the components that hold form mail. Partition key: component.
SELECT message_no
FROM part_joined_component
WHERE component IN (
    SELECT component
    FROM part_joined_component
    WHERE message_no IN (SELECT message_no FROM part_message WHERE is_form)
)
