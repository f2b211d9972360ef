-- One row per List-Id that is a group of ours: of an internal domain, or of a listed group.
-- Partition key: list id.
SELECT DISTINCT list.list_id
FROM (SELECT DISTINCT list_id FROM part_copy WHERE list_id IS NOT NULL) AS list
WHERE EXISTS (
    SELECT 1
    FROM internal_domain
    WHERE ends_with(list.list_id, '.' || internal_domain.domain)
)
OR EXISTS (
    SELECT 1
    FROM internal_group
    WHERE replace(internal_group.address, '@', '.') = list.list_id
)
