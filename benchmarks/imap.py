"""Messages a second that a first read brings from a Dovecot on this machine, and the memory it takes.

`python -m benchmarks.imap [messages]`; nothing is stored, so that the connector alone is measured.
"""

from __future__ import annotations

import resource
import shutil
import sys
import time
from datetime import timedelta

from tests.connectors.imap_mailbox import NOW, Mailbox, letter
from tests.providers.dovecot import running


def main() -> None:
    """Fill a mailbox, read it back once, then once more without anything new, and print what that took."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    with running() as server:
        box = Mailbox(server, block=250)
        box.put("first")
        box.leave()
        inbox = server.folder / "mail" / box.user / "cur"
        for number in range(count):
            raw = letter(number, NOW - timedelta(minutes=number), more="X-Filler: " + "x" * 400 + "\r\n")
            path = inbox / f"{1_700_000_000 + number}.M{number}.bench:2,S"
            path.write_bytes(raw)
            shutil.chown(path, "mail", "mail")
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        connector = box.connector()
        begun, read, cursor = time.perf_counter(), 0, None
        slowest = last = 0.0
        for batch in connector.changes(None):
            now = time.perf_counter() - begun
            slowest, last = max(slowest, now - last), now
            read, cursor = read + len(batch.added), batch.cursor
        took = time.perf_counter() - begun
        grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
        print(
            f"{read:,} messages in {took:.1f} s: {read / took:,.0f} a second; slowest batch {slowest:.2f} s"
        )
        print(f"memory grew by {grown:.0f} MB; the cursor has {len(cursor or '')} characters")
        begun = time.perf_counter()
        list(connector.changes(cursor))
        print(f"a quiet pass takes {1000 * (time.perf_counter() - begun):.0f} ms")
        connector.close()


if __name__ == "__main__":
    main()
