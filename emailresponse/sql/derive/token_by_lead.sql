-- One row per message and joining token, told apart by outside participant, of the components that hold form
-- mail; a message among ourselves joins the message it answers (metrics.md 1). Partition key: component.
WITH split AS (
    SELECT message.message_no, message.is_form, message.contact, message.answered_hash
    FROM part_form_component AS form
    JOIN part_message AS message
        ON message.message_no = form.message_no
),

participant AS (
    SELECT split.message_no, recipient.address_no
    FROM split
    JOIN part_recipient AS recipient
        ON recipient.message_no = split.message_no
    WHERE NOT split.is_form
        AND NOT recipient.is_internal
        AND recipient.role <> 'delivered_to'
    UNION
    SELECT message_no, hash(contact)
    FROM split
    WHERE contact IS NOT NULL
),

answered AS (
    SELECT message_no, answered_hash AS id_hash
    FROM split
    WHERE answered_hash IS NOT NULL
        AND message_no NOT IN (SELECT message_no FROM participant)
)

SELECT token.message_no, hash(token.token, participant.address_no) AS token
FROM part_token AS token
JOIN participant
    ON participant.message_no = token.message_no
UNION
SELECT answered.message_no, hash('answered', answered.id_hash)
FROM answered
UNION
SELECT carried.message_no, hash('answered', carried.id_hash)
FROM part_identity AS carried
JOIN answered
    ON answered.id_hash = carried.id_hash
WHERE carried.is_joining
