-- One row per company, by its number, that a touched conversation spoke or speaks with.
SELECT company_no
FROM part_old_company
UNION
SELECT company_no
FROM part_touch
