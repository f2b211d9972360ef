-- The form sender of that address is no longer allowed.
DELETE FROM form_sender
WHERE address = $address
