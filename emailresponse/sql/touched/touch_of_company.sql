-- One row per touch of a touched company.
SELECT *
FROM touch
WHERE company IN (SELECT company FROM part_gone_company)
