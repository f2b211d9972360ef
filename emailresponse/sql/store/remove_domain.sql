-- The internal domain of that name is no longer listed.
DELETE FROM internal_domain
WHERE domain = $domain
