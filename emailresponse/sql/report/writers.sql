-- One row: how many contacts and companies the chosen waits are of, and when their leads opened, in microseconds
-- since 1970.
SELECT
    count(DISTINCT contact) AS contacts,
    count(DISTINCT company) AS companies,
    coalesce(list(epoch_us(opened_at)) FILTER (WHERE class IN ('lead_new', 'lead_known')), []) AS leads_us
FROM chosen($asked)
