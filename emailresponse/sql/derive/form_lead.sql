-- One row per message of an allowed form sender that carries a lead: the first outside Reply-To of the copy that
-- speaks. Partition key: message.
WITH form AS (
    SELECT identity.message_no, present.reply_to
    FROM part_present AS present
    JOIN part_identity AS identity
        ON identity.copy_key = present.copy_key
    LEFT JOIN part_speaker AS speaker
        ON speaker.message_no = identity.message_no
    WHERE (present.author IN (SELECT address FROM form_sender)
            OR present.from_address IN (SELECT address FROM form_sender))
        AND present.copy_key = coalesce(speaker.copy_key, identity.message_no)
        AND NOT coalesce(speaker.is_sent, present.is_sent)
        AND NOT coalesce(
            list_has_any(CASE WHEN speaker.message_no IS NULL THEN present.marks ELSE speaker.marks END,
                ['delivery_status', 'failed_recipients', 'daemon', 'report', 'calendar']),
            FALSE)
),

answerable AS (
    SELECT message_no, unnest(reply_to) AS address, generate_subscripts(reply_to, 1) AS place
    FROM form
)

SELECT
    answerable.message_no,
    arg_min(address.address, answerable.place) AS lead,
    arg_min(address.company, answerable.place) AS company
FROM answerable
JOIN address
    ON address.address = answerable.address
WHERE NOT address.is_internal
GROUP BY answerable.message_no
