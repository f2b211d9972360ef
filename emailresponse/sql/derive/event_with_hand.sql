-- One row per event of a lane, those by hand among them. Partition key: company.
FROM part_answer_event
UNION ALL
FROM part_closed_by_hand
