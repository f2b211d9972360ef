-- One row: a version of a schedule; returns its id.
INSERT INTO schedule
VALUES (
    nextval('schedule_sequence'), $scope, $scope_id, $zone, $from_day, $until_day, $country, $region
)
RETURNING schedule_id
