-- One row per event of a lane but those by hand. Partition key: company.
FROM part_event
