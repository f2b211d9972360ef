-- One row per kind of problem that copies were kept with, the most frequent first.
SELECT
    problem AS name,
    count(*) AS count
FROM (
    SELECT unnest(problems) AS problem
    FROM copy
)
GROUP BY ALL
ORDER BY count DESC, name
