-- One row per domain that mail of ours is sent from, or that a mailbox has, and that is not internal.
WITH home AS (
    SELECT regexp_extract(from_address, '@([^@]*)$', 1) AS domain, 1 AS messages
    FROM copy
    WHERE list_contains(labels, 'SENT') OR from_address = mailbox
    UNION ALL
    SELECT regexp_extract(mailbox, '@([^@]*)$', 1), 0
    FROM mailbox
)

SELECT
    home.domain AS name,
    sum(home.messages)::BIGINT AS count
FROM home
ANTI JOIN internal_domain
    ON home.domain = internal_domain.domain
    OR (internal_domain.has_subdomains AND ends_with(home.domain, '.' || internal_domain.domain))
WHERE home.domain <> ''
    AND home.domain NOT IN (SELECT unnest($free_mail))
GROUP BY ALL
ORDER BY count DESC, name
LIMIT $most
