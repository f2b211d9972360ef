-- The group of that address is no longer listed.
DELETE FROM internal_group
WHERE address = $address
