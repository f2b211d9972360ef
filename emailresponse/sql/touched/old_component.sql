-- One row per component that a touched copy was in, or is joined to now: by an id carried or named, by a
-- provider's thread, or for an id that is now known to be an e-mail address; with all that form mail tore from it.
WITH met AS (
    SELECT message_no
    FROM identity
    WHERE copy_key IN (SELECT copy_key FROM part_copy)
    UNION
    SELECT message_no
    FROM identity
    WHERE id_hash IN (SELECT id_hash FROM part_touched_hash)
    UNION
    SELECT message_no
    FROM naming
    WHERE id_hash IN (SELECT id_hash FROM part_touched_hash)
    UNION
    SELECT message_no
    FROM naming
    WHERE address_no IN (SELECT address_no FROM part_met_address)
    UNION
    SELECT message_no
    FROM identity
    WHERE thread_no IN (SELECT thread_no FROM part_present)
    UNION
    SELECT message_no
    FROM part_restless
),

found AS (
    SELECT DISTINCT component
    FROM conversation
    WHERE message_no IN (SELECT message_no FROM met)
)

SELECT component
FROM found
UNION
SELECT other.component
FROM found
JOIN torn_component AS mine
    ON mine.component = found.component
JOIN torn_component AS other
    ON other.joined = mine.joined
