"""Every archive of the real mail is read without a lost message: the counts are those of its README."""

from __future__ import annotations

import sys
import tarfile
from datetime import datetime
from pathlib import Path

import pytest

from connectors.file import FileConnector
from connectors.file.parts import Meter, parts

CORPORA = Path(__file__).parents[1].parent / "shared" / "corpora"
NOW = datetime(2026, 6, 1)

pytestmark = [
    pytest.mark.corpus,
    pytest.mark.skipif(not CORPORA.is_dir(), reason=f"the real mail is not at {CORPORA}"),
]


def read(path):
    """Return the copies and refusals of a path."""
    batches = list(FileConnector(path, mailbox="ada@acme.com", imported_at=NOW, processes=0).changes(None))
    return [copy for batch in batches for copy in batch.added], [
        no for batch in batches for no in batch.refused
    ]


@pytest.mark.parametrize(
    ("name", "count"),
    [
        ("lists/usrp-users-2019-2022.mbox.xz", 7_732),
        ("lists/samba-technical-2019-2026.mbox.xz", 7_117),
        ("lists/jailhouse-dev-2019-2024.mbox.xz", 5_588),
        ("lists/spamassassin-easy-ham-1.mbox.xz", 2_500),
        ("lists/usrp-users-untouched-sample.mbox.xz", 150),
        ("ponymail/maven-dev-2017-11-listsao.mbox.xz", 320),
        ("enron/enron-dev-mailboxes.tar.xz", 28_413),
        ("threading_cases", 103),
        ("hard", 702),
    ],
)
def test_every_message_is_read(name, count):
    """As many as the README says, none refused, each with an id of its own or the same facts."""
    copies, refused = read(CORPORA / name)

    assert len(copies) == count
    assert refused == []


def test_folder_of_mboxes_is_read_through(tmp_path):
    """Enron unpacked: 301 folders' mboxes in 12 mailboxes, 28,413 messages, each a copy of its own."""
    with tarfile.open(CORPORA / "enron" / "enron-dev-mailboxes.tar.xz") as archive:
        archive.extractall(tmp_path, filter="data") if sys.version_info >= (3, 12) else archive.extractall(
            tmp_path
        )
    copies, refused = read(tmp_path)

    assert len(copies) == 28_413
    assert len({copy.provider_id for copy in copies}) == 28_413
    assert refused == []
    assert not any(copy.reply_ids or copy.reference_ids for copy in copies)


def test_three_exports_of_a_month_name_the_same_messages():
    """The same Message-IDs, whoever archived them; their deliveries differ, and so do their copies."""
    names = ("listsao", "mailarchivesao", "mboxvm")
    exports = [read(CORPORA / "ponymail" / f"maven-dev-2017-11-{name}.mbox.xz")[0] for name in names]
    ids = [{copy.message_id for copy in export if copy.message_id} for export in exports]

    assert [len(export) for export in exports] == [320, 317, 317]
    assert ids[1] <= ids[0]
    assert ids[2] <= ids[0]


def test_hidden_authors_of_a_list_are_found():
    """On samba-technical every From is the list; the author stands in Reply-To, the list's own in 112."""
    copies, _ = read(CORPORA / "lists" / "samba-technical-2019-2026.mbox.xz")

    assert sum(copy.is_from_list for copy in copies) == 7_117
    assert sum(copy.reply_to == (copy.from_address,) for copy in copies) == 112


def test_ids_without_brackets_are_read_on_usrp_users():
    """267 posts of the web form name their parent without angle brackets."""
    copies, _ = read(CORPORA / "lists" / "usrp-users-2019-2022.mbox.xz")

    named = [copy for copy in copies if copy.reply_ids and not copy.reference_ids]
    assert len(named) >= 267
    assert sum(bool(copy.reply_ids or copy.reference_ids) for copy in copies) == pytest.approx(
        0.766 * 7_732, abs=8
    )


def test_parts_are_never_left_open():
    """Walking a folder gives every file once, in the same order each time."""
    first = [part.name for part in parts(CORPORA / "hard", Meter())]

    assert first == [part.name for part in parts(CORPORA / "hard", Meter())]
    assert len(first) == len(set(first)) == 702
