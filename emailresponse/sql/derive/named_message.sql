-- One row per pair of messages of which the first names the second. Partition key: component.
SELECT naming.message_no, carried.message_no AS named_no
FROM part_naming AS naming
JOIN part_identity AS carried
    ON carried.id_hash = naming.id_hash
WHERE carried.is_joining
    AND naming.message_no <> carried.message_no
