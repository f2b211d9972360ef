-- One row per part of a component that form mail tore apart by lead: what it was part of. An incremental run derives
-- all parts of one again, for any of them decides how new messages are told apart. Partition key: component.
SELECT DISTINCT by_lead.component, joined.component AS joined
FROM part_lead_component AS by_lead
JOIN part_joined_component AS joined
    ON joined.message_no = by_lead.message_no
