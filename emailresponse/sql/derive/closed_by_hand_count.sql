-- One row: how many closings by hand meet their wait open.
-- Partition key: none.
SELECT count(*)
FROM part_closed_by_hand
