-- One row per message of an allowed form sender that carries a lead: the first outside Reply-To.
-- Partition key: message.
WITH form AS (
    SELECT identity.message_no, present.copy_key, present.reply_to
    FROM part_present AS present
    JOIN part_identity AS identity
        ON identity.copy_key = present.copy_key
    WHERE NOT present.is_sent
        AND (present.author IN (SELECT address FROM form_sender)
            OR present.from_address IN (SELECT address FROM form_sender))
        AND NOT coalesce(list_has_any(present.marks,
            ['delivery_status', 'failed_recipients', 'daemon', 'report', 'calendar']), FALSE)
),

answerable AS (
    SELECT message_no, copy_key, unnest(reply_to) AS address, generate_subscripts(reply_to, 1) AS place
    FROM form
)

SELECT
    answerable.message_no,
    arg_min(address.address, (answerable.copy_key, answerable.place)) AS lead,
    arg_min(address.company, (answerable.copy_key, answerable.place)) AS company
FROM answerable
JOIN address
    ON address.address = answerable.address
WHERE NOT address.is_internal
GROUP BY answerable.message_no
