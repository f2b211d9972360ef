-- One row per touch of a touched company.
SELECT *
FROM touch
WHERE company_no IN (SELECT company_no FROM part_gone_company_no)
