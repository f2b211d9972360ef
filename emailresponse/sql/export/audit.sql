-- One row per change somebody made.
SELECT
    audit_no,
    changed_at,
    changed_by,
    action,
    subject_of,
    detail
FROM audit
ORDER BY audit_no
