-- One row per copy that is in the data, with its latest labels and who its From says it is from.
-- Drafts and chats are not; mail first seen as spam or trash is not until it is seen elsewhere (metrics.md 6).
-- Partition key: copy.
WITH later AS (
    SELECT
        copy_key,
        arg_max(labels, placement_no) AS labels,
        bool_or(list_contains(labels, 'SENT')) AS has_been_sent,
        bool_or(NOT (list_has_any(labels, ['DRAFT', 'CHAT'])
            OR (list_has_any(labels, ['SPAM', 'TRASH']) AND NOT list_contains(labels, 'SENT')))) AS has_been_in
    FROM part_placement
    GROUP BY copy_key
),

labelled AS (
    SELECT
        copy.*,
        coalesce(later.labels, copy.labels) AS last_labels,
        list_has_any(copy.labels, ['DRAFT', 'CHAT'])
            OR (list_has_any(copy.labels, ['SPAM', 'TRASH']) AND NOT list_contains(copy.labels, 'SENT')) AS began_out,
        coalesce(later.has_been_in, FALSE) AS has_been_in,
        -- Our own trashed sent mail stays sent.
        list_contains(copy.labels, 'SENT') OR coalesce(later.has_been_sent, FALSE) AS is_sent
    FROM part_copy AS copy
    LEFT JOIN later
        ON later.copy_key = copy.copy_key
),

placed AS (
    SELECT *
    FROM labelled
    WHERE (NOT began_out OR has_been_in)
        AND NOT list_has_any(last_labels, ['DRAFT', 'CHAT'])
),

written AS (
    SELECT
        placed.*,
        NOT placed.is_sent AND placed.from_address IS NOT NULL AND (
            placed.is_from_list
            OR (source.is_internal AND source.person_id IS NULL
                AND (placed.original_from IS NOT NULL OR contains(lower(placed.from_name), ' via ')))
        ) AS is_rewritten
    FROM placed
    LEFT JOIN address AS source
        ON source.address = placed.from_address
)

SELECT
    copy_key,
    mailbox,
    provider,
    provider_id,
    provider_thread,
    message_id,
    copied_at,
    sent_at,
    subject,
    subject_digest,
    size_bytes,
    is_sent,
    is_hidden,
    is_merging,
    CASE WHEN is_rewritten
        THEN coalesce(original_from, list_filter(reply_to, lambda address: address <> from_address)[1])
        ELSE from_address END AS author,
    from_address,
    CASE WHEN is_rewritten THEN NULL ELSE from_name END AS author_name,
    sender_address,
    reply_to,
    to_addresses,
    cc_addresses,
    bcc_addresses,
    delivered_to,
    reply_ids,
    reference_ids,
    CASE WHEN len(marks) > 0 THEN marks END AS marks,
    coalesce(own_list.list_id IS NOT NULL, FALSE) AS is_own_list,
    CASE WHEN list_contains(last_labels, 'TRASH') THEN 'trashed'
        WHEN list_contains(last_labels, 'SPAM') THEN 'spam' END AS gone,
    list_has_any(last_labels, ['CATEGORY_PROMOTIONS', 'CATEGORY_SOCIAL'])
        OR CASE WHEN own_list.list_id IS NOT NULL
            THEN list_contains(marks, 'precedence_bulk')
                OR (list_contains(marks, 'list_unsubscribe')
                    AND NOT list_has_any(unsubscribe_hosts, (SELECT coalesce(list(host), []) FROM own_host))
                    AND len(list_filter(unsubscribe_hosts, lambda host:
                        ends_with('.' || written.list_id, '.' || host)
                        OR ends_with('.' || host, '.googlegroups.com'))) = 0)
            ELSE list_has_any(marks,
                    ['precedence_list', 'precedence_bulk', 'list_id', 'list_post', 'list_unsubscribe'])
                OR list_contains(last_labels, 'CATEGORY_FORUMS') END AS is_bulk
FROM written
LEFT JOIN own_list
    ON own_list.list_id = written.list_id
