-- One row per opening period of a calendar, in UTC, with the opening time before it. Partition key: calendar_id.
CREATE OR REPLACE TABLE opening AS
SELECT
    calendar_id,
    opens_at,
    closes_at,
    running_us
FROM laid_opening
ORDER BY calendar_id, opens_at
