-- One row: an internal domain, with or without its subdomains.
INSERT INTO internal_domain
VALUES ($domain, $has_subdomains)
ON CONFLICT (domain) DO UPDATE SET has_subdomains = excluded.has_subdomains
