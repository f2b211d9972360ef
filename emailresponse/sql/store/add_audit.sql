-- One row: a change somebody made.
INSERT INTO audit
VALUES (nextval('audit_sequence'), $changed_at, $changed_by, $action, $subject_of, $detail)
