-- One row per mailbox, also one nobody told of, with how far it is known.
SELECT
    coalesce(mailbox.mailbox, horizon.mailbox) AS mailbox,
    mailbox.name,
    mailbox.kind,
    mailbox.owner_id,
    mailbox.team_id,
    mailbox.backfill_from,
    mailbox.synced_at,
    horizon.as_of_at
FROM mailbox
FULL JOIN horizon
    ON horizon.mailbox = mailbox.mailbox
ORDER BY ALL
