"""Measure the product on real mail: what is read, joined, merged, judged and answered.

    python -m benchmarks.corpora [archives threads r_lists merging verdicts team]

Needs the real mail beside the checkout (EMAILRESPONSE_CORPORA names another place). Prints the tables of the
section "Real mail" of RESULTS.md; counts, ids and labels alone, nothing anybody wrote.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterable

from benchmarks.real import judged, merging, r_lists, team, threads, walk
from benchmarks.real.archives import CORPORA, IMPORTED_AT, workspace
from emailresponse import sync

LISTS = CORPORA / "lists"
ARCHIVES = {
    "lists/usrp-users-2019-2022.mbox.xz": 7_732,
    "lists/samba-technical-2019-2026.mbox.xz": 7_117,
    "lists/jailhouse-dev-2019-2024.mbox.xz": 5_588,
    "lists/spamassassin-easy-ham-1.mbox.xz": 2_500,
    "lists/usrp-users-untouched-sample.mbox.xz": 150,
    "enron/enron-dev-mailboxes.tar.xz": 28_413,
    "threading_cases": 103,
    "hard": 702,
}


def table(headings: Iterable[str], rows: Iterable[Iterable[object]]) -> None:
    """Print a Markdown table."""
    headings = list(headings)
    print(f"\n| {' | '.join(headings)} |\n|{'---|' + '---:|' * (len(headings) - 1)}")
    for row in rows:
        print(f"| {' | '.join(f'{cell:,}' if isinstance(cell, int) else str(cell) for cell in row)} |")
    sys.stdout.flush()


def show_archives() -> None:
    """Print how many messages each archive holds, and how many were read and refused."""
    found = []
    for name, stated in ARCHIVES.items():
        held = workspace()
        read = held.read(CORPORA / name, threads.MAILBOX)
        keys = len(set(held.derived().keys()))
        found.append((name, stated, read, keys, len(held.refused)))
        held.store.close()
    table(("archive", "README", "read", "distinct messages", "refused"), found)
    table(("one month, three exporters", "read", "messages in the workspace after it"), _exports())


def _exports() -> list[tuple[object, ...]]:
    found: list[tuple[object, ...]] = []
    for month in ("maven-dev-2017-11", "maven-dev-2017-12"):
        held = workspace()
        for export in ("listsao", "mailarchivesao", "mboxvm"):
            read = held.read(CORPORA / "ponymail" / f"{month}-{export}.mbox.xz", threads.MAILBOX)
            found.append((f"{month} {export}", read, len(set(held.derived().keys()))))
        held.store.close()
    return found


def show_threads() -> None:
    """Print how our conversations compare with both threaders on every list."""
    found = []
    for name, stem in threads.LISTS.items():
        held = threads.imported(LISTS / f"{stem}.mbox.xz")
        told = threads.truth(LISTS / f"{stem}.truth.csv.gz")
        both = threads.agreement(held.conversations(), told.notmuch, told.jwz)
        found.append(
            (
                name,
                both.messages,
                both.ours,
                both.one,
                both.other,
                both.agreed,
                both.kept,
                len(both.split),
                len(both.joined),
                len(both.differing_one),
                len(both.differing_other),
            )
        )
        if name == "SpamAssassin":
            again = threads.agreement(threads.through_addresses(held), told.notmuch, told.jwz)
            only_jwz = set(both.differing_other) - set(both.differing_one)
            note = (
                f"\nSpamAssassin, also joined through e-mail addresses: {len(again.differing_one)} messages"
            )
            print(f"{note} differ from notmuch; {len(only_jwz)} differ from JWZ alone")
        if name == "usrp-users":
            again = threads.agreement(
                threads.without_bare_ids(LISTS / f"{stem}.mbox.xz"), told.notmuch, told.jwz
            )
            print(f"\nusrp-users without bracketless ids: {len(again.differing_one)} differ from notmuch")
        held.store.close()
    table(
        (
            "list",
            "messages",
            "ours",
            "notmuch",
            "JWZ",
            "both agree on",
            "so do we on",
            "pairs both join, not we",
            "pairs we alone join",
            "differ from notmuch",
            "from JWZ",
        ),
        found,
    )


def show_r_lists() -> None:
    """Print how our conversations of the R lists compare with their own project's threads."""
    table(
        (
            "list",
            "messages",
            "ours",
            "theirs",
            "same thread",
            "replies to a message there",
            "we cut",
            "they cut",
            "of those at a month's end",
            "pairs they join by subject",
        ),
        (
            (path.stem, *(getattr(said, name) for name in said.__dataclass_fields__))
            for path in sorted(r_lists.FOLDER.glob("*.parquet"))
            if (said := r_lists.compared(path))
        ),
    )


def show_merging() -> None:
    """Print what --merge-copies makes of Enron's copies."""
    plain = merging.imported(merging=False)
    copies, merged = sync.mergeable(plain.store, imported_at=IMPORTED_AT)
    messages = len(set(plain.keys()))
    print(f"\nwithout --merge-copies: {messages:,} messages; {merged:,} of {copies:,} copies would merge")
    plain.store.close()
    said = merging.compared(merging.imported())
    table(
        ("step", "messages"),
        [
            ("README's distinct mails (bodies compared)", said.groups),
            *((f"split: {reason}", f"+{extra}") for reason, extra in said.split.items()),
            (f"joined: {len(said.joined)} messages of several", f"-{sum(one - 1 for one in said.joined)}"),
            ("ours with --merge-copies", said.messages),
            ("explained", str(said.is_explained)),
        ],
    )


def show_verdicts() -> None:
    """Print recall by label and precision by verdict on hard/ and on Enron."""
    for name, messages in (("hard/", judged.hard()), ("Enron", judged.enron())):
        table(
            (f"{name} label", "n", "verdict asked for", "recall", "judged a machine's"),
            (
                (one.label, one.n, one.exact, f"{one.exact / one.n:.1%}", one.machine)
                for one in judged.recall(messages)
            ),
        )
        table(
            (f"{name} verdict", "labelled", "right", "precision", "others"),
            (
                (one.verdict, one.n, one.exact, f"{one.exact / one.n:.1%}", _counts(one.others))
                for one in judged.precision(messages)
            ),
        )
        marked = Counter(one.label or "(none)" for one in messages if one.marks)
        print(f"\n{name}: messages with any mark, by label: {_counts(marked)}")


def _counts(counts: dict[str, int]) -> str:
    return ", ".join(f"{name} {count:,}" for name, count in counts.items()) or "none"


def show_team() -> None:
    """Print the leads of lists as teams, ours against the plain walk, and the README's loose measure."""
    found = []
    for name, setting in team.SETTINGS.items():
        held = team.imported(setting)
        leads = team.leads(held)
        walked = walk.first_answers(
            setting.path, walk.Team(setting.address, setting.domains, setting.private)
        )
        begun = team.threads(held)
        found.append(
            (
                name,
                len(leads),
                sum(lead.closed_by is not None for lead in leads),
                len({(lead.opened_by, lead.closed_by) for lead in leads} ^ walked),
                f"{team.median_hours(lead.seconds for lead in leads):.1f} h",
                len(begun),
                sum(thread.answered_by is not None for thread in begun),
                f"{team.median_hours(thread.seconds for thread in begun):.1f} h",
                sum(1 for _ in team.loose_only(held)),
            )
        )
        held.store.close()
    table(
        (
            "team",
            "leads",
            "answered",
            "pairs the walk has otherwise",
            "median of answered",
            "threads by outsiders",
            "with any post of ours after",
            "median",
            "of those posts to the list alone",
        ),
        found,
    )


SHOWN: dict[str, Callable[[], None]] = {
    "archives": show_archives,
    "threads": show_threads,
    "r_lists": show_r_lists,
    "merging": show_merging,
    "verdicts": show_verdicts,
    "team": show_team,
}


def main() -> None:
    """Print the tables that are named, else all."""
    if not CORPORA.is_dir():
        sys.exit(f"the real mail is not at {CORPORA}")
    for name in sys.argv[1:] or SHOWN:
        print(f"\n### {name}")
        SHOWN[name]()


if __name__ == "__main__":
    main()
