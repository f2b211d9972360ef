-- One row per listed group of ours.
SELECT
    address,
    name
FROM internal_group
ORDER BY address
