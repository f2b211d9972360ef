"""An invented sales team's mail, written as the files that real mailboxes are exported to.

No person, company or address here exists: every domain is below `.example` (RFC 2606). The same seed and last
day write the same bytes. Nothing here knows a database: the demo is imported like anybody's mail.
"""

from connectors.demo.writing import Written, write

__all__ = ["Written", "write"]
