-- One row per note in a conversation that speaks with a touched company.
SELECT *
FROM note
WHERE component IN (SELECT component FROM part_touch)
