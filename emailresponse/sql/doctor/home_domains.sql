-- One row per domain that mail of ours is sent from, or that a mailbox has, and that is not internal.
WITH home AS (
    SELECT regexp_extract(from_address, '@([^@]*)$', 1) AS domain, 1 AS messages
    FROM copy
    WHERE list_contains(labels, 'SENT') OR from_address = mailbox
    UNION ALL
    SELECT regexp_extract(mailbox, '@([^@]*)$', 1), 0
    FROM mailbox
),

counted AS (
    SELECT domain, sum(messages)::BIGINT AS messages
    FROM home
    WHERE domain <> ''
        AND domain NOT IN (SELECT unnest($free_mail))
    GROUP BY domain
)

SELECT
    counted.domain AS name,
    counted.messages AS count
FROM counted
ANTI JOIN internal_domain
    ON counted.domain = internal_domain.domain
    OR (internal_domain.has_subdomains AND ends_with(counted.domain, '.' || internal_domain.domain))
ORDER BY count DESC, name
LIMIT $most
