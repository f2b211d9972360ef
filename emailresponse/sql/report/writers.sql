-- One row: how many contacts and companies the chosen waits are of, and how many leads opened on each local day.
SELECT
    count(DISTINCT contact) AS contacts,
    count(DISTINCT company) AS companies,
    histogram(CAST(timezone($zone, make_timestamptz(epoch_us(opened_at))) AS DATE))
        FILTER (WHERE class IN ('lead_new', 'lead_known')) AS leads
FROM chosen($asked)
