-- One row per person with every address, the first one first.
SELECT
    person_id,
    name,
    coalesce(
        list(address ORDER BY address != person_id, address) FILTER (WHERE address IS NOT NULL), []
    ) AS addresses,
    from_day,
    until_day
FROM person
LEFT JOIN person_address USING (person_id)
GROUP BY ALL
ORDER BY person_id
