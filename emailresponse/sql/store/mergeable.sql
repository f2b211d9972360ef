-- One row: how many copies an import brought, and how many of them would have merged under --merge-copies
-- (equal author, date, subject, To and Cc with at least one recipient, but different ids).
WITH imported AS (
    SELECT
        message_id,
        hash(
            from_address, sent_at, subject_digest, list_sort(to_addresses), list_sort(cc_addresses)
        ) AS alike,
        len(to_addresses) + len(cc_addresses) > 0
            AND message_id IS NOT NULL
            AND sent_at IS NOT NULL AS is_mergeable
    FROM copy
    WHERE imported_at = $imported_at
        AND NOT is_merging
),
groups AS (
    SELECT
        alike,
        count(DISTINCT message_id) - 1 AS merged
    FROM imported
    WHERE is_mergeable
    GROUP BY ALL
    HAVING count(DISTINCT message_id) > 1
)
SELECT
    (SELECT count(*) FROM imported) AS copies,
    (SELECT coalesce(sum(merged), 0)::BIGINT FROM groups) AS merged
