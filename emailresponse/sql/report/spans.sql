-- One row per stretch of an opening period inside [from_at, until_at).
SELECT
    greatest(opens_at, $from_at::TIMESTAMP) AS starts_at,
    least(closes_at, $until_at::TIMESTAMP) AS ends_at,
    datediff('microsecond', greatest(opens_at, $from_at::TIMESTAMP), least(closes_at, $until_at::TIMESTAMP)) / 1e6
        AS seconds
FROM opening
WHERE calendar_id = $calendar_id
  AND closes_at > $from_at::TIMESTAMP
  AND opens_at < $until_at::TIMESTAMP
ORDER BY starts_at
