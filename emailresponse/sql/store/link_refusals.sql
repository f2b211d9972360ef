-- One row per linked mailbox with messages that could not be kept: how many different ones.
SELECT
    link.mailbox,
    count(DISTINCT refusal.source || ' ' || refusal.position) AS refused_count
FROM link
JOIN import_run
    ON import_run.source = 'link ' || link.provider || ' ' || link.mailbox
JOIN refusal
    ON refusal.run_id = import_run.run_id
GROUP BY link.mailbox
ORDER BY link.mailbox
