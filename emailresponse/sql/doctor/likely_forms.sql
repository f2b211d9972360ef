-- One row per sender that looks like a web form's: nobody reads it, and its Reply-To names several others outside.
SELECT
    copy.from_address AS name,
    count(DISTINCT copy.reply_to[1]) AS count
FROM copy
JOIN address
    ON address.address = copy.reply_to[1]
WHERE list_contains(copy.marks, 'no_reply')
    AND NOT list_has_any(copy.marks, ['precedence_list', 'precedence_bulk', 'list_id', 'list_unsubscribe'])
    AND NOT list_contains(copy.labels, 'SENT')
    AND NOT address.is_internal
    AND regexp_extract(copy.reply_to[1], '@([^@]*)$', 1) <> regexp_extract(copy.from_address, '@([^@]*)$', 1)
    AND copy.from_address NOT IN (SELECT address FROM form_sender)
GROUP BY ALL
HAVING count >= $least
ORDER BY count DESC, name
LIMIT $most
