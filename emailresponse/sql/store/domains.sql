-- One row per internal domain.
SELECT
    domain,
    has_subdomains
FROM internal_domain
ORDER BY domain
