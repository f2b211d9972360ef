-- One row: the digest of what derived the tables as they stand.
SELECT digest
FROM derived_by
