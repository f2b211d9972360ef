"""Import rate against a plain loop of Python's `mailbox` and header parser on the same file.

    python -m benchmarks.import_rate [SIZE ...] [--plain-messages 20000] [--source list.mbox]

The file is invented, with headers as a mailing list's post has them (about 3 kB) and bodies of a few kB; or
it is `--source`, repeated with new Message-IDs until it is long enough. Rates include everything: reading,
parsing and storing in the database. The plain loop only reads and parses, on the first messages of the file.
Both run in fresh processes, one after the other.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import subprocess
import sys
import tempfile
import time
from datetime import datetime, timedelta
from pathlib import Path

PLAIN = """
import email.parser, mailbox, sys, time
begin = time.perf_counter()
count = 0
for message in mailbox.mbox(sys.argv[1], factory=email.parser.BytesHeaderParser().parse):
    for name in ("from", "to", "cc", "date", "subject", "message-id", "in-reply-to", "references"):
        message.get_all(name)
    count += 1
print(count, time.perf_counter() - begin)
"""

WORDS = ["link", "rate", "sample", "clock", "board", "driver", "build", "error", "gain", "antenna", "stream"]


def invented(count: int):
    """Yield so many invented posts of a list, as an mbox has them."""
    draw = random.Random(7)
    at = datetime(2020, 1, 1)  # noqa: DTZ001 - UTC
    for number in range(count):
        at += timedelta(seconds=draw.randrange(30, 900))
        sender = f"person{draw.randrange(2_000)}@company{draw.randrange(300)}.example"
        day = at.strftime("%a, %d %b %Y %H:%M:%S +0000")
        hops = "".join(
            f"Received: from mx{hop}.example (mx{hop}.example [192.0.2.{hop}])\n\tby relay{hop}.example"
            f" (Postfix) with ESMTPS id {draw.getrandbits(60):x}\n\tfor <ada@acme.com>; {day}\n"
            for hop in range(6)
        )
        seal = "".join(f"\t{draw.getrandbits(280):x}\n" for _ in range(8))
        known = " ".join(
            f"<{draw.randrange(number + 1)}.post@list.example>" for _ in range(draw.randrange(4))
        )
        reply = f"In-Reply-To: {known.split()[-1]}\nReferences: {known}\n" if known else ""
        subject = " ".join(draw.choice(WORDS) for _ in range(5))
        body = "".join(
            " ".join(draw.choice(WORDS) for _ in range(12)) + "\n" for _ in range(draw.randrange(5, 90))
        )
        yield (
            f"From archive@localhost {at.strftime('%a %b %d %H:%M:%S %Y')}\n"
            "Return-Path: <bounces@list.example>\nDelivered-To: ada@acme.com\n"
            f"{hops}DKIM-Signature: v=1; a=rsa-sha256;\n{seal}"
            f"To: Ada Byron <ada@acme.com>\nCc: list@list.example\nDate: {day}\n"
            f"Message-ID: <{number}.post@list.example>\n{reply}"
            f"Subject: {subject}\nMIME-Version: 1.0\nX-BeenThere: list@list.example\nPrecedence: list\n"
            "List-Id: A list <list.list.example>\nList-Unsubscribe: <https://list.example/options>,\n"
            " <mailto:list-request@list.example?subject=unsubscribe>\nList-Post: <mailto:list@list.example>\n"
            f"From: Person <{sender}>\nContent-Type: text/plain; charset=utf-8\n\n{body}\n"
        ).encode()


def repeated(source: Path, count: int):
    """Yield the messages of a file again and again, with new Message-IDs in each round."""
    data = source.read_bytes()
    starts = [found.start() for found in re.finditer(rb"^From archive@localhost ", data, re.MULTILINE)]
    cuts = [data[start:end] for start, end in zip(starts, [*starts[1:], len(data)], strict=True)]
    for number in range(count):
        again = b"\nMessage-ID: <%d." % (number // len(cuts))
        yield re.sub(rb"(?i)\nmessage-id:\s*<", again, cuts[number % len(cuts)], count=1)


def write(path: Path, posts) -> int:
    """Write an mbox and return its bytes."""
    with path.open("wb") as file:
        for post in posts:
            file.write(post)
        return file.tell()


def peak_of(pid: int) -> int:
    """Return the kB that a process and its children hold, shared pages counted once (Linux)."""
    listed = subprocess.run(
        ["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, text=True, check=False
    )
    total = 0
    for one in [str(pid), *listed.stdout.split()]:
        try:
            text = Path(f"/proc/{one}/smaps_rollup").read_text()
        except OSError:
            continue
        found = re.search(r"^Pss:\s+(\d+)", text, re.MULTILINE)
        total += int(found[1]) if found else 0
    return total


def imported(path: Path, db: Path) -> tuple[float, int]:
    """Import a file in a process of its own; return the seconds and the peak kB of it and its children."""
    begin = time.perf_counter()
    command = [
        sys.executable,
        "-m",
        "cli.main",
        "--db",
        str(db),
        "import",
        str(path),
        "--mailbox",
        "ada@acme.com",
    ]
    running = subprocess.Popen([*command, "--no-derive"], stdout=subprocess.DEVNULL)
    peak = 0
    while running.poll() is None:
        peak = max(peak, peak_of(running.pid))
        time.sleep(0.1)
    if running.returncode:
        raise SystemExit(f"the import ended with {running.returncode}")
    return time.perf_counter() - begin, peak


def measured(size: int, plain_count: int, posts) -> dict[str, float]:
    """Return the figures of one size."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        size_bytes = write(folder / "all.mbox", posts(size))
        write(folder / "plain.mbox", posts(min(plain_count, size)))
        command = [sys.executable, "-c", PLAIN, str(folder / "plain.mbox")]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        count, seconds = done.stdout.split()
        plain = int(count) / float(seconds)
        elapsed, peak = imported(folder / "all.mbox", folder / "bench.duckdb")
    return {
        "messages": size,
        "megabytes": round(size_bytes / 1e6),
        "plain_per_second": round(plain),
        "import_per_second": round(size / elapsed),
        "ratio": round(size / elapsed / plain, 2),
        "peak_megabytes": round(peak / 1024),
        "processors": os.cpu_count() or 1,
        "load": round(os.getloadavg()[0], 1),
    }


def main() -> None:
    """Measure each size and print a line of JSON for it."""
    said = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    said.add_argument("sizes", metavar="SIZE", type=int, nargs="*", default=[100_000])
    said.add_argument("--plain-messages", type=int, default=20_000)
    said.add_argument("--source", type=Path)
    asked = said.parse_args()
    for size in asked.sizes:
        posts = (lambda count: repeated(asked.source, count)) if asked.source else invented
        print(json.dumps(measured(size, asked.plain_messages, posts)), flush=True)


if __name__ == "__main__":
    main()
