-- One row: a mailbox that is read by itself from now on.
INSERT INTO link BY NAME
SELECT
    $mailbox AS mailbox,
    $provider AS provider,
    $way AS way,
    $account AS account,
    $options AS options,
    CAST($horizon_at AS TIMESTAMP) AS horizon_at,
    CAST($linked_at AS TIMESTAMP) AS linked_at,
    $is_paused AS is_paused
