-- One row per company that a touched conversation spoke or speaks with.
SELECT company
FROM part_old_company
UNION
SELECT company
FROM part_touch
