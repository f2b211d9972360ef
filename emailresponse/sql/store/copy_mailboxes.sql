-- One row per mailbox that holds a copy.
SELECT DISTINCT mailbox
FROM copy
ORDER BY mailbox
