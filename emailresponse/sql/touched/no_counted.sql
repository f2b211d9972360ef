-- No row: no message counted yet.
SELECT
    CAST(NULL AS UBIGINT) AS message_no,
    CAST(NULL AS TIMESTAMP) AS message_at,
    CAST(NULL AS VARCHAR) AS mailbox,
    CAST(NULL AS VARCHAR) AS credit,
    CAST(NULL AS VARCHAR) AS direction,
    CAST(NULL AS VARCHAR) AS verdict
WHERE FALSE
