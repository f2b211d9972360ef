-- One row: how many such messages there are.
SELECT count(*)
FROM part_restless
