-- One row: a mailbox under its address; when it was synced stays.
INSERT INTO mailbox
VALUES ($mailbox, $name, $kind, $owner_id, $team_id, $backfill_from, NULL)
ON CONFLICT (mailbox) DO UPDATE SET
    name = excluded.name,
    kind = excluded.kind,
    owner_id = excluded.owner_id,
    team_id = excluded.team_id,
    backfill_from = excluded.backfill_from
