-- One row: a linked mailbox of which nothing was read yet.
INSERT INTO reading BY NAME
SELECT
    $mailbox AS mailbox,
    0 AS failures,
    0 AS stored_count
