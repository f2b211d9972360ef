-- One row: how many messages have no known author, of how many.
SELECT
    count(*) FILTER (author IS NULL) AS unknown,
    count(*) AS messages
FROM message
