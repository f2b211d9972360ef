-- One row per company, by its number, that a touched conversation spoke with.
SELECT company_no
FROM touch
WHERE component IN (SELECT component FROM part_old_component)
UNION
SELECT company_no
FROM part_old_company
