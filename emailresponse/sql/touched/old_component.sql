-- One row per component that a touched copy was in, or is joined to now: by an id carried or named, by a
-- provider's thread, or for an id that is now known to be an e-mail address; with all that form mail tore from it.
WITH met AS (
    SELECT message_no
    FROM identity
    WHERE copy_key IN (SELECT copy_key FROM part_copy)
    UNION
    SELECT message_no
    FROM carried
    WHERE id_hash IN (SELECT id_hash FROM part_touched_hash)
    UNION
    SELECT message_no
    FROM naming
    WHERE id_hash IN (SELECT id_hash FROM part_touched_hash)
        OR address_hash IN (SELECT hash(address) FROM part_met_address)
    UNION
    SELECT identity.message_no
    FROM copy
    JOIN (
        SELECT DISTINCT mailbox, provider_thread
        FROM part_copy
        WHERE provider_thread IS NOT NULL
    ) AS thread
        ON thread.mailbox = copy.mailbox
        AND thread.provider_thread = copy.provider_thread
    JOIN identity
        ON identity.copy_key = copy.copy_key
    UNION
    SELECT message_no
    FROM part_restless
),

found AS (
    SELECT DISTINCT conversation.component
    FROM conversation
    JOIN met
        ON met.message_no = conversation.message_no
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
