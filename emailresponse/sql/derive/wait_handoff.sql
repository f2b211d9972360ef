-- One row per wait that a note among ourselves handed on before it ended: the first. Partition key: company.
SELECT wait.message_no, note.message_no AS note_no, note.message_at
FROM (
    SELECT message_no, component, segment, position, end_position, close_kind, closed_at
    FROM part_closed_wait
    WHERE component IN (SELECT component FROM part_note)
) AS wait
ASOF JOIN part_note AS note
    ON note.component = wait.component
    AND note.segment = wait.segment
    AND CAST(note.position AS DOUBLE) > wait.position
WHERE note.position < coalesce(wait.end_position, 1e18)
    AND (wait.close_kind IS NULL OR wait.close_kind = 'out' OR note.message_at < wait.closed_at)
