-- One row per migration that was applied.
SELECT
    name,
    checksum
FROM migration
ORDER BY name
