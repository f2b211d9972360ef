-- One row per mailbox and opening period of its calendar, in UTC.
SELECT
    calendar.mailbox,
    opening.opens_at,
    opening.closes_at
FROM calendar
JOIN opening
    ON opening.calendar_id = calendar.calendar_id
ORDER BY calendar.mailbox, opening.opens_at
