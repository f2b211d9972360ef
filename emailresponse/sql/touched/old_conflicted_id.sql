-- Touched Message-IDs are judged anew.
DELETE FROM conflicted_id
WHERE message_id IN (SELECT message_id FROM part_touched_id)
