-- One row per change somebody made, the newest first.
SELECT
    audit_no,
    changed_at,
    changed_by,
    action,
    subject_of,
    detail
FROM audit
ORDER BY audit_no DESC
LIMIT $at_most
