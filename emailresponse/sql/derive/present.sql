-- One row per copy that is in the data: its latest labels, who its From says it is from, and by what it is joined.
-- Drafts and chats are not; mail first seen as spam or trash is not until it is seen elsewhere (metrics.md 6).
-- Addresses, ids and threads are numbers here; `is_rewritten` says that From is not the author's.
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
        copy.copy_key,
        copy.mailbox,
        copy.provider,
        copy.provider_thread,
        copy.message_id,
        copy.copied_at,
        copy.size_bytes,
        copy.is_hidden,
        copy.is_merging,
        copy.from_address,
        copy.from_name,
        copy.original_from,
        copy.is_from_list,
        copy.reply_to,
        copy.list_id,
        copy.unsubscribe_hosts,
        CASE WHEN len(copy.marks) > 0 THEN copy.marks END AS marks,
        coalesce(later.labels, copy.labels) AS last_labels,
        list_contains(copy.labels, 'DRAFT')
            OR list_contains(copy.labels, 'CHAT')
            OR ((list_contains(copy.labels, 'SPAM') OR list_contains(copy.labels, 'TRASH'))
                AND NOT list_contains(copy.labels, 'SENT')) AS began_out,
        coalesce(later.has_been_in, FALSE) AS has_been_in,
        -- Our own trashed sent mail stays sent.
        list_contains(copy.labels, 'SENT') OR coalesce(later.has_been_sent, FALSE) AS is_sent
    FROM part_copy AS copy
    LEFT JOIN later
        ON later.copy_key = copy.copy_key
),

written AS (
    SELECT
        labelled.*,
        NOT labelled.is_sent AND labelled.from_address IS NOT NULL AND (
            labelled.is_from_list
            OR coalesce(source.is_internal AND source.person_id IS NULL, FALSE)
        ) AS is_rewritten
    FROM labelled
    LEFT JOIN address AS source
        ON source.address_no = CASE
            WHEN labelled.original_from IS NOT NULL OR contains(lower(labelled.from_name), ' via ')
            THEN hash(labelled.from_address) END
    WHERE (NOT labelled.began_out OR labelled.has_been_in)
        AND NOT list_contains(labelled.last_labels, 'DRAFT')
        AND NOT list_contains(labelled.last_labels, 'CHAT')
)

SELECT
    written.copy_key,
    hash(written.mailbox) AS mailbox_no,
    CASE WHEN written.message_id IS NOT NULL THEN hash(written.message_id) END AS id_hash,
    coalesce(starts_with(written.message_id, 'x-'), TRUE) OR written.is_merging AS is_keyed,
    CASE WHEN written.provider_thread IS NOT NULL
        THEN hash(written.provider = 'graph', written.mailbox, written.provider_thread) END AS thread_no,
    written.provider = 'graph' AS is_graph,
    written.copied_at,
    written.size_bytes,
    written.is_sent,
    written.is_hidden,
    written.is_rewritten,
    CASE
        WHEN written.is_rewritten
            THEN hash(coalesce(written.original_from,
                list_filter(written.reply_to, lambda address: address <> written.from_address)[1]))
        WHEN written.from_address IS NOT NULL THEN hash(written.from_address) END AS author_no,
    written.marks,
    own_list.list_id IS NOT NULL AS is_own_list,
    CASE WHEN list_contains(written.last_labels, 'TRASH') THEN 'trashed'
        WHEN list_contains(written.last_labels, 'SPAM') THEN 'spam' END AS gone,
    list_contains(written.last_labels, 'CATEGORY_PROMOTIONS')
        OR list_contains(written.last_labels, 'CATEGORY_SOCIAL')
        OR CASE
            WHEN own_list.list_id IS NULL
                THEN list_contains(written.last_labels, 'CATEGORY_FORUMS')
                    OR CASE WHEN written.marks IS NULL THEN FALSE ELSE list_has_any(written.marks,
                        ['precedence_list', 'precedence_bulk', 'list_id', 'list_post', 'list_unsubscribe']) END
            WHEN written.marks IS NULL THEN FALSE
            ELSE list_contains(written.marks, 'precedence_bulk')
                OR (list_contains(written.marks, 'list_unsubscribe')
                    AND NOT list_has_any(written.unsubscribe_hosts, (SELECT coalesce(list(host), []) FROM own_host))
                    AND len(list_filter(written.unsubscribe_hosts, lambda host:
                        ends_with('.' || written.list_id, '.' || host)
                        OR ends_with('.' || host, '.googlegroups.com'))) = 0) END AS is_bulk
FROM written
LEFT JOIN own_list
    ON own_list.list_id = written.list_id
