-- One row per message that several of our mailboxes received: the mailbox it is addressed to, the first named
-- in To, else Bcc, Delivered-To, Cc, else that of the first copy (metrics.md 4). Partition key: message.
WITH held AS (
    SELECT
        identity.message_no,
        present.mailbox_no,
        min(present.copied_at) AS copied_at,
        min(present.copy_key) AS copy_key
    FROM part_present AS present
    JOIN part_identity AS identity
        ON identity.copy_key = present.copy_key
    WHERE identity.copies > 1
        AND NOT present.is_sent
    GROUP BY ALL
),

several AS (
    SELECT held.*, copy.mailbox
    FROM (FROM held QUALIFY count(*) OVER (PARTITION BY message_no) > 1) AS held
    JOIN (SELECT copy_key, mailbox FROM part_copy) AS copy
        ON copy.copy_key = held.copy_key
),

-- The places of our own addresses, as numbers, in the headers of the copy that speaks.
spoken AS (
    SELECT
        speaker.message_no,
        list_transform(copy.to_addresses, lambda address: hash(address)) AS to_addresses,
        list_transform(copy.bcc_addresses, lambda address: hash(address)) AS bcc_addresses,
        list_transform(copy.delivered_to, lambda address: hash(address)) AS delivered_to,
        list_transform(copy.cc_addresses, lambda address: hash(address)) AS cc_addresses
    FROM part_copy AS copy
    JOIN part_speaker AS speaker
        ON speaker.copy_key = copy.copy_key
    WHERE speaker.message_no IN (SELECT message_no FROM several)
),

placed AS (
    SELECT
        several.message_no,
        several.mailbox,
        several.copied_at,
        min(CASE recipient.role
            WHEN 'to' THEN [1, list_position(spoken.to_addresses, recipient.address_no)]
            WHEN 'bcc' THEN [2, list_position(spoken.bcc_addresses, recipient.address_no)]
            WHEN 'delivered_to' THEN [3, list_position(spoken.delivered_to, recipient.address_no)]
            WHEN 'cc' THEN [4, list_position(spoken.cc_addresses, recipient.address_no)] END) AS place
    FROM several
    LEFT JOIN spoken
        ON spoken.message_no = several.message_no
    LEFT JOIN mailbox_name
        ON mailbox_name.mailbox = several.mailbox
    LEFT JOIN part_recipient AS recipient
        ON recipient.message_no = several.message_no
        AND recipient.address_no = hash(coalesce(mailbox_name.address, several.mailbox))
    GROUP BY ALL
)

SELECT message_no, mailbox
FROM placed
QUALIFY row_number() OVER (
    PARTITION BY message_no
    ORDER BY place NULLS LAST, copied_at NULLS LAST, mailbox
) = 1
