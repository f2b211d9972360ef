-- One row per list of ours that no header named before.
SELECT *
FROM part_own_list
WHERE list_id NOT IN (SELECT list_id FROM own_list)
