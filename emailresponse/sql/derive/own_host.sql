-- One row per host that a List-Unsubscribe names and that is ours. Partition key: host.
SELECT DISTINCT named.host
FROM (SELECT DISTINCT unnest(unsubscribe_hosts) AS host FROM part_copy WHERE len(unsubscribe_hosts) > 0) AS named
JOIN internal_domain
    ON named.host = internal_domain.domain
    OR (internal_domain.has_subdomains AND ends_with(named.host, '.' || internal_domain.domain))
