-- One row per setting that differs from its default.
SELECT
    name,
    value
FROM setting
ORDER BY name
