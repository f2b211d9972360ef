-- One row per company that a touched conversation spoke with.
SELECT company
FROM touch
WHERE component IN (SELECT component FROM part_old_component)
UNION
SELECT company
FROM part_old_company
