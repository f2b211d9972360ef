-- One row per mailbox and its calendar, where there are none yet. Partition key: mailbox.
CREATE OR REPLACE TABLE calendar (
    mailbox VARCHAR,
    calendar_id INTEGER
)
