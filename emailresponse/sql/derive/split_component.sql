-- One row per message: its component, told apart by lead where it holds form mail. Partition key: component.
SELECT
    component.message_no,
    coalesce(by_lead.component, component.component) AS component
FROM part_joined_component AS component
LEFT JOIN part_lead_component AS by_lead
    ON by_lead.message_no = component.message_no
