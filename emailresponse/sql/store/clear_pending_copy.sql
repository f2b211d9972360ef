-- Nothing is pending any more.
DELETE FROM pending_copy
