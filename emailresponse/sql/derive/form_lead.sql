-- One row per message of an allowed form sender that carries a lead: the first outside Reply-To of the copy that
-- speaks. Partition key: message.
WITH form AS (
    SELECT spoken.message_no, copy.reply_to
    FROM part_copy AS copy
    JOIN part_spoken AS spoken
        ON spoken.copy_key = copy.copy_key
    WHERE (spoken.author_no IN (SELECT hash(address) FROM form_sender)
            OR copy.from_address IN (SELECT address FROM form_sender))
        AND EXISTS (SELECT 1 FROM form_sender)
        AND NOT spoken.is_sent
        AND (spoken.marks IS NULL
            OR NOT list_has_any(spoken.marks,
                ['delivery_status', 'failed_recipients', 'daemon', 'report', 'calendar']))
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
    ON address.address_no = hash(answerable.address)
WHERE NOT address.is_internal
GROUP BY answerable.message_no
