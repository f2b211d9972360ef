-- One row: a goal; returns its id.
INSERT INTO goal
VALUES (
    nextval('goal_sequence'), $scope, $scope_id, $wait_class, $clock, $seconds, $share, $from_day, $until_day
)
RETURNING goal_id
