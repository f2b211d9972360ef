-- One row per mailbox of ours with the persons who work it.
SELECT
    mailbox,
    name,
    kind,
    owner_id,
    team_id,
    backfill_from,
    synced_at,
    coalesce(list(person_id ORDER BY person_id) FILTER (WHERE person_id IS NOT NULL), []) AS members
FROM mailbox
LEFT JOIN mailbox_member USING (mailbox)
GROUP BY ALL
ORDER BY mailbox
