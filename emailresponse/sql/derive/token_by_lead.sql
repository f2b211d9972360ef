-- One row per message and joining token, told apart by outside participant, of the components that hold form
-- mail; a message among ourselves joins the message it answers (metrics.md 1). Partition key: component.
WITH split AS (
    SELECT message.message_no, message.is_form, message.contact
    FROM part_form_component AS form
    JOIN part_message AS message
        ON message.message_no = form.message_no
),

participant AS (
    SELECT split.message_no, recipient.address
    FROM split
    JOIN part_recipient AS recipient
        ON recipient.message_no = split.message_no
    WHERE NOT split.is_form
        AND NOT recipient.is_internal
        AND recipient.role <> 'delivered_to'
    UNION
    SELECT message_no, contact
    FROM split
    WHERE contact IS NOT NULL
),

among_ourselves AS (
    SELECT
        split.message_no,
        coalesce(present.reply_ids[-1], present.reference_ids[-1]) AS id
    FROM split
    LEFT JOIN part_speaker AS speaker
        ON speaker.message_no = split.message_no
    JOIN part_present AS present
        ON present.copy_key = coalesce(speaker.copy_key, split.message_no)
    WHERE split.message_no NOT IN (SELECT message_no FROM participant)
),

answered AS (
    SELECT message_no, hash(id) AS id_hash
    FROM among_ourselves
    WHERE id IS NOT NULL
)

SELECT token.message_no, hash(token.token, participant.address) AS token
FROM part_token AS token
JOIN participant
    ON participant.message_no = token.message_no
UNION
SELECT answered.message_no, hash('answered', answered.id_hash)
FROM answered
UNION
SELECT carried.message_no, hash('answered', carried.id_hash)
FROM part_carried AS carried
JOIN answered
    ON answered.id_hash = carried.id_hash
