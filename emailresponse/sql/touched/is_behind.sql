-- One row: whether a mailbox was synced after the moment up to which its waits are known.
SELECT EXISTS (
    SELECT 1
    FROM mailbox
    JOIN calendar
        ON calendar.mailbox = mailbox.mailbox
    LEFT JOIN horizon
        ON horizon.mailbox = mailbox.mailbox
    WHERE mailbox.synced_at > coalesce(horizon.as_of_at, TIMESTAMP '1970-01-01')
)
