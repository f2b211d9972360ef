-- One row per linked mailbox with how its reading goes.
SELECT
    link.mailbox,
    link.provider,
    link.way,
    link.account,
    link.options,
    link.horizon_at,
    link.linked_at,
    link.is_paused,
    reading.begun_at,
    reading.ended_at,
    reading.trouble,
    reading.reason,
    coalesce(reading.failures, 0) AS failures,
    reading.retry_at,
    reading.first_begun_at,
    reading.first_done,
    reading.first_total,
    reading.first_ended_at,
    coalesce(reading.stored_count, 0) AS stored_count,
    mailbox.synced_at
FROM link
LEFT JOIN reading
    ON reading.mailbox = link.mailbox
LEFT JOIN mailbox
    ON mailbox.mailbox = link.mailbox
ORDER BY link.mailbox
