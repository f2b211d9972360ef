-- One row per opening period, where there are none yet. Partition key: calendar.
CREATE OR REPLACE TABLE opening (
    calendar_id INTEGER,
    opens_at TIMESTAMP,
    closes_at TIMESTAMP,
    running_us BIGINT
)
