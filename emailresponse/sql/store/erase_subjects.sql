-- Every copy that still has a subject loses it; its digest stays.
UPDATE copy
SET subject = NULL
WHERE subject IS NOT NULL
