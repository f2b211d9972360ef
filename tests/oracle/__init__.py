"""The slow, obvious walk over metrics.md that every derivation is compared with.

Written from the text of metrics.md sections 1 to 6 and 9 alone, one step a module: `identity` (copies become
messages), `conversations`, `verdicts`, `order`, `waits`, `clocks`, `business`, `teams` and `standing`.
"""

from __future__ import annotations

from tests.oracle.derived import Derived, derive
from tests.oracle.workspace import Mailbox, Override, Placement, Workspace

__all__ = ["Derived", "Mailbox", "Override", "Placement", "Workspace", "derive"]
