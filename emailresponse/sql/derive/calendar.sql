-- One row per mailbox: the calendar its business time is read from. Partition key: mailbox.
CREATE OR REPLACE TABLE calendar AS
SELECT
    mailbox,
    calendar_id
FROM laid_calendar
ORDER BY mailbox
