-- One row per address that any header of any copy names: whose it is. Other tables name an address or a company by
-- its number, a hash of it. Partition key: address.
WITH named AS (
    SELECT unnest(to_addresses) AS address FROM part_copy
    UNION ALL
    SELECT unnest(cc_addresses) FROM part_copy
    UNION ALL
    SELECT unnest(bcc_addresses) FROM part_copy
    UNION ALL
    SELECT unnest(delivered_to) FROM part_copy
    UNION ALL
    SELECT unnest(reply_to) FROM part_copy
    UNION ALL
    SELECT from_address FROM part_copy
    UNION ALL
    SELECT sender_address FROM part_copy
    UNION ALL
    SELECT original_from FROM part_copy
),

known AS (
    SELECT address, regexp_extract(address, '@([^@]*)$', 1) AS domain
    FROM named
    WHERE address IS NOT NULL
    GROUP BY ALL
),

hosted AS (
    SELECT DISTINCT known.domain
    FROM (SELECT DISTINCT domain FROM known) AS known
    JOIN internal_domain
        ON known.domain = internal_domain.domain
        OR (internal_domain.has_subdomains AND ends_with(known.domain, '.' || internal_domain.domain))
),

owned AS (
    SELECT
        known.address,
        CASE WHEN known.domain = '' OR known.domain IN (SELECT unnest($free_mail))
            THEN known.address ELSE known.domain END AS company,
        known_address.address IS NOT NULL OR hosted.domain IS NOT NULL AS is_internal,
        known_address.address IS NOT NULL AS is_tracked,
        known_address.person_id,
        known_address.mailbox
    FROM known
    LEFT JOIN known_address
        ON known_address.address = known.address
    LEFT JOIN hosted
        ON hosted.domain = known.domain
)

SELECT
    address,
    hash(address) AS address_no,
    company,
    hash(company) AS company_no,
    is_internal,
    is_tracked,
    person_id,
    mailbox,
    regexp_matches(regexp_replace(split_part(address, '@', 1), '[._-]', '', 'g'), $no_reply) AS is_no_reply
FROM owned
