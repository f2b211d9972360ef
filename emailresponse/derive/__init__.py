"""Derivations: conversations, waits and clocks, derived from the facts again at any time.

A full run and an incremental one are the same statements (`steps`) on all rows or on the touched ones; each
run is one transaction, so readers see the old rows until the new ones are complete.
"""

from emailresponse.derive.runs import as_of, is_stale, rebuild, refresh

__all__ = ["as_of", "is_stale", "rebuild", "refresh"]
