-- The address is no longer that person's.
DELETE FROM person_address
WHERE address = $address
    AND person_id = $person_id
