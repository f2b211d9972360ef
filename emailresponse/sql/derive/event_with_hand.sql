-- One row per event of a lane, those by hand among them. Partition key: company.
FROM part_answer_event
UNION ALL BY NAME
FROM part_closed_by_hand
