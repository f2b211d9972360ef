-- One row per wait: what its business clock shows at its opening and at its end. The clock is the running total
-- of opening time, so a length is one subtraction. Partition key: company.
WITH started AS (
    SELECT
        place.message_no,
        coalesce(opening.running_us
            + date_diff('microsecond', opening.opens_at, least(place.opened_at, opening.closes_at)), 0)
            AS opened_clock_us,
        coalesce(place.opened_at < opening.closes_at, FALSE) AS opened_in_hours
    FROM (SELECT message_no, calendar_id, opened_at FROM part_wait_place) AS place
    ASOF LEFT JOIN opening
        ON opening.calendar_id = place.calendar_id
        AND place.opened_at >= opening.opens_at
),

ended AS (
    SELECT
        place.message_no,
        coalesce(opening.running_us
            + date_diff('microsecond', opening.opens_at, least(place.end_at, opening.closes_at)), 0)
            AS end_clock_us,
        coalesce(place.end_at < opening.closes_at, FALSE) AS ended_in_hours
    FROM (SELECT message_no, calendar_id, end_at FROM part_wait_place WHERE end_at IS NOT NULL) AS place
    ASOF LEFT JOIN opening
        ON opening.calendar_id = place.calendar_id
        AND place.end_at >= opening.opens_at
)

SELECT
    started.message_no,
    started.opened_clock_us,
    started.opened_in_hours,
    ended.end_clock_us,
    coalesce(ended.ended_in_hours, FALSE) AS ended_in_hours
FROM started
LEFT JOIN ended
    ON ended.message_no = started.message_no
