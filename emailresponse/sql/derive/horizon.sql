-- One row per mailbox: up to when its waits are known, and what its clock shows then (metrics.md 5, as of).
-- While the first read of a linked mailbox lasts, what it brought proves nothing: answers may still be missing.
-- Partition key: mailbox.
WITH newest AS (
    SELECT copy.mailbox, max(copy.copied_at) AS copied_at
    FROM copy
    LEFT JOIN link
        ON link.mailbox = copy.mailbox
        AND link.provider = copy.provider
    WHERE link.mailbox IS NULL
        AND ($as_of IS NULL OR copy.copied_at <= $as_of)
    GROUP BY copy.mailbox
),

known AS (
    SELECT
        coalesce(mailbox.mailbox, newest.mailbox) AS mailbox,
        CASE WHEN mailbox.synced_at IS NOT NULL
            THEN least(mailbox.synced_at, coalesce(CAST($as_of AS TIMESTAMP), mailbox.synced_at))
            ELSE coalesce(CAST($as_of AS TIMESTAMP), newest.copied_at) END AS as_of_at
    FROM mailbox
    FULL JOIN newest
        ON newest.mailbox = mailbox.mailbox
),

clocked AS (
    SELECT known.mailbox, known.as_of_at, calendar.calendar_id
    FROM known
    JOIN calendar
        ON calendar.mailbox = known.mailbox
    WHERE known.as_of_at IS NOT NULL
)

SELECT
    clocked.mailbox,
    clocked.as_of_at,
    coalesce(opening.running_us
        + date_diff('microsecond', opening.opens_at, least(clocked.as_of_at, opening.closes_at)), 0) AS clock_us,
    coalesce(clocked.as_of_at < opening.closes_at, FALSE) AS is_in_hours
FROM clocked
ASOF LEFT JOIN opening
    ON opening.calendar_id = clocked.calendar_id
    AND clocked.as_of_at >= opening.opens_at
