-- One row per class, or all leads, and clock: the headline figures.
SELECT *
FROM summary_rows
ORDER BY class, clock
