-- One row per message that several of our mailboxes received: the mailbox it is addressed to, the first named
-- in To, else Bcc, Delivered-To, Cc, else that of the first copy (metrics.md 4). Partition key: message.
WITH held AS (
    SELECT
        identity.message_no,
        present.mailbox,
        min(present.copied_at) AS copied_at
    FROM part_present AS present
    JOIN part_identity AS identity
        ON identity.copy_key = present.copy_key
    WHERE identity.copies > 1
        AND NOT present.is_sent
    GROUP BY ALL
),

several AS (
    SELECT *
    FROM held
    QUALIFY count(*) OVER (PARTITION BY message_no) > 1
),

placed AS (
    SELECT
        several.message_no,
        several.mailbox,
        several.copied_at,
        min(CASE recipient.role
            WHEN 'to' THEN [1, list_position(speaker.to_addresses, recipient.address)]
            WHEN 'bcc' THEN [2, list_position(speaker.bcc_addresses, recipient.address)]
            WHEN 'delivered_to' THEN [3, list_position(speaker.delivered_to, recipient.address)]
            WHEN 'cc' THEN [4, list_position(speaker.cc_addresses, recipient.address)] END) AS place
    FROM several
    LEFT JOIN (
        SELECT
            spoken.message_no,
            present.to_addresses,
            present.bcc_addresses,
            present.delivered_to,
            present.cc_addresses
        FROM part_speaker AS spoken
        JOIN part_present AS present
            ON present.copy_key = spoken.copy_key
    ) AS speaker
        ON speaker.message_no = several.message_no
    LEFT JOIN mailbox_name
        ON mailbox_name.mailbox = several.mailbox
    LEFT JOIN part_recipient AS recipient
        ON recipient.message_no = several.message_no
        AND recipient.address = coalesce(mailbox_name.address, several.mailbox)
    GROUP BY ALL
)

SELECT message_no, mailbox
FROM placed
QUALIFY row_number() OVER (
    PARTITION BY message_no
    ORDER BY place NULLS LAST, copied_at NULLS LAST, mailbox
) = 1
