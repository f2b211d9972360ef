"""The connector for files keeps the contract for every kind of source."""

from __future__ import annotations

import bz2
import gzip
import io
import json
import lzma
import tarfile
import zipfile

import pytest
import zstandard
from contract import ConnectorContract, keys
from mail import IMPORTED_AT, mbox, message, messages, written

from connectors.file import FileConnector, connector, parsing, stretches
from emailresponse.copies import Cursor
from emailresponse.errors import CursorExpired, SourceUnreadable

COUNT = 7


def opened(path, **options):
    """Return a connector on a path."""
    return FileConnector(
        path, **{"mailbox": "ada@acme.com", "imported_at": IMPORTED_AT, "processes": 0} | options
    )


def read(path, **options):
    """Return the copies and the refusals of a path."""
    batches = list(opened(path, **options).changes(None))
    return [copy for batch in batches for copy in batch.added], [
        no for batch in batches for no in batch.refused
    ]


def line(number, **said):
    """Return a line of .jsonl."""
    headers = {
        "From": "lee@client.example",
        "Subject": f"Question {number}",
        "Message-ID": f"<{number}@c.example>",
    }
    copy = {"provider": "gmail", "mailbox": "ada@acme.com", "id": str(number), "headers": headers}
    return json.dumps(copy | said).encode() + b"\n"


def zipped(members):
    """Return a zip archive of names and bytes."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return held.getvalue()


def tarred(members):
    """Return a .tgz archive of names and bytes."""
    held = io.BytesIO()
    with tarfile.open(fileobj=held, mode="w:gz") as archive:
        for name, data in members.items():
            about = tarfile.TarInfo(name)
            about.size = len(data)
            archive.addfile(about, io.BytesIO(data))
    return held.getvalue()


def _mbox(folder):
    return written(folder / "a.mbox", mbox(*messages(COUNT)))


def _maildir(folder):
    for number, one in enumerate(messages(COUNT)):
        place = ("cur", "new", ".Sent/cur")[number % 3]
        written(folder / "Maildir" / place / f"{number}.host:2,S", one)
    (folder / "Maildir" / "tmp").mkdir()
    return folder / "Maildir"


def _eml_folder(folder):
    for number, one in enumerate(messages(COUNT)):
        written(folder / "mails" / f"{number % 2}" / f"{number}.eml", one)
    return folder / "mails"


def _takeout(folder):
    half = COUNT // 2
    members = {
        "Takeout/archive_browser.html": b"<html></html>",
        "Takeout/Mail/Inbox.mbox": mbox(*messages(COUNT)[:half]),
        "Takeout/Mail/Sent.mbox": mbox(*messages(COUNT)[half:]),
    }
    return written(folder / "takeout.zip", zipped(members))


def _tgz(folder):
    return written(folder / "takeout.tgz", tarred({"Takeout/Mail/All mail.mbox": mbox(*messages(COUNT))}))


def _jsonl(folder):
    return written(folder / "a.jsonl", b"".join(line(number) for number in range(COUNT)))


def _packed(name, pack):
    return lambda folder: written(folder / name, pack(mbox(*messages(COUNT))))


KINDS = {
    "mbox": _mbox,
    "gz": _packed("a.mbox.gz", gzip.compress),
    "xz": _packed("a.mbox.xz", lzma.compress),
    "bz2": _packed("a.mbox.bz2", bz2.compress),
    "zst": _packed("a.mbox.zst", lambda data: zstandard.ZstdCompressor().compress(data)),
    "maildir": _maildir,
    "folder": _eml_folder,
    "zip": _takeout,
    "tgz": _tgz,
    "jsonl": _jsonl,
}


@pytest.mark.parametrize("kind", KINDS)
class TestFileConnector(ConnectorContract):
    """Every kind of source keeps the contract."""

    @pytest.fixture(autouse=True)
    def small_chunks(self, monkeypatch):
        """Cursors stand between small chunks, so that a short source has many."""
        monkeypatch.setattr(connector, "CHUNK_PIECES", 2)

    @pytest.fixture
    def make(self, kind, tmp_path):
        path = KINDS[kind](tmp_path)
        return lambda: opened(path, batch_copies=2)

    @pytest.fixture
    def make_empty(self, kind, tmp_path):
        path = tmp_path / "empty"
        if kind in {"maildir", "folder"}:
            path.mkdir()
        else:
            path.write_bytes(b"")
        return lambda: opened(path)

    def test_every_kind_brings_the_same_messages(self, kind, tmp_path):
        """What packs, files or archives the messages does not matter."""
        copies, refused = read(KINDS[kind](tmp_path))

        assert len(copies) == COUNT
        assert refused == []


class TestStretches(ConnectorContract):
    """A large mbox on disk, read in stretches, keeps the contract."""

    @pytest.fixture(autouse=True)
    def small_stretches(self, monkeypatch):
        """Stretches are shorter than a message, so that some hold none."""
        monkeypatch.setattr(stretches, "LEAST", 0)
        monkeypatch.setattr(stretches, "STRETCH", 150)

    @pytest.fixture
    def make(self, tmp_path):
        path = _mbox(tmp_path)
        return lambda: opened(path, batch_copies=2)

    @pytest.fixture
    def make_empty(self, tmp_path):
        return lambda: opened(written(tmp_path / "empty", b""))

    def test_they_bring_the_copies_of_the_whole(self, make, tmp_path, monkeypatch):
        """In the same order; other files of a folder are read as they are, before and behind."""
        written(tmp_path / "box" / "1.eml", message(91))
        written(tmp_path / "box" / "2.mbox", mbox(*messages(COUNT)))
        written(tmp_path / "box" / "3.eml", message(93))
        cut = read(tmp_path / "box")
        monkeypatch.setattr(stretches, "LEAST", 1 << 30)

        assert cut == read(tmp_path / "box")
        assert len(cut[0]) == COUNT + 2

    def test_a_cursor_of_another_reading_begins_the_file_again(self, make, monkeypatch):
        """A place between two messages is none between two stretches, and the other way round."""
        for least, other in ((0, 1 << 30), (1 << 30, 0)):
            monkeypatch.setattr(stretches, "LEAST", least)
            monkeypatch.setattr(connector, "CHUNK_PIECES", 2)
            cursor = next(iter(make().changes(None))).cursor
            monkeypatch.setattr(stretches, "LEAST", other)

            assert len(keys(list(make().changes(cursor)))) == COUNT

    def test_a_file_that_vanished_is_refused(self, make, monkeypatch):
        """What the processes that parse cannot open is named."""

        def vanished(*_, **__):
            raise FileNotFoundError(2, "No such file or directory")

        made = make()
        monkeypatch.setattr(stretches, "stretch", vanished)

        refused = [no for batch in made.changes(None) for no in batch.refused]
        assert "No such file" in refused[0].reason


def test_other_processes_bring_the_same_copies_in_the_same_order(tmp_path):
    """Parsing in two processes changes nothing but the time."""
    path = written(tmp_path / "a.mbox", mbox(*messages(1_200)))

    assert read(path, processes=0) == read(path, processes=2)


def test_other_processes_read_their_stretches(tmp_path, monkeypatch):
    """A large mbox is read by the processes that parse it."""
    path = written(tmp_path / "a.mbox", mbox(*messages(1_200)))
    wanted = read(path)
    monkeypatch.setattr(stretches, "LEAST", 0)
    monkeypatch.setattr(stretches, "STRETCH", 40_000)

    assert read(path, processes=2) == wanted


def test_a_killed_process_loses_no_copy(tmp_path, monkeypatch):
    """Where a process that parses dies, its chunk is parsed here."""
    path = written(tmp_path / "a.mbox", mbox(*messages(1_200)))
    wanted = read(path)

    def broken(*_, **__):
        raise parsing.BrokenProcessPool

    monkeypatch.setattr(parsing.ProcessPoolExecutor, "submit", broken)

    assert read(path, processes=1) == wanted


def test_a_changed_file_expires_its_cursor(tmp_path):
    """A cursor into a file that is another one by now is not gone on from."""
    path = written(tmp_path / "a.mbox", mbox(*messages(3)))
    held = opened(path)
    cursor = next(iter(held.changes(None))).cursor
    written(path, mbox(*messages(4)))

    assert not held.is_finished(cursor)
    with pytest.raises(CursorExpired):
        list(held.changes(cursor))


@pytest.mark.parametrize("cursor", ["", "x", "[]", "{}", '{"state": [1, 2], "part": "x"}'])
def test_a_cursor_that_is_none_expires(tmp_path, cursor):
    """Text that this connector did not make is no cursor."""
    path = written(tmp_path / "a.mbox", mbox(*messages(3)))

    with pytest.raises(CursorExpired):
        list(opened(path).changes(Cursor(cursor)))


def test_a_path_that_is_not_there_is_unreadable(tmp_path):
    """The error says what is wrong with the path."""
    with pytest.raises(SourceUnreadable, match="no such file"):
        opened(tmp_path / "none").changes(None)


def test_maildir_flags_and_folders_are_labels(tmp_path):
    """T is trash, D a draft; .Sent is sent mail; Maildir++ names end in the folder's own."""
    box = tmp_path / "Maildir"
    for place, number in {
        "cur/1:2,ST": 1,
        "cur/2:2,DS": 2,
        ".Sent/cur/3:2,S": 3,
        ".INBOX.Junk/new/4": 4,
    }.items():
        written(box / place, message(number))
    written(box / "dovecot-uidlist", b"3 V1 N4")

    copies, refused = read(box)

    assert {copy.message_id[0]: copy.labels for copy in copies} == {
        "1": ("TRASH",),
        "2": ("DRAFT",),
        "3": ("SENT",),
        "4": ("SPAM",),
    }
    assert refused == []


def test_takeout_gives_thread_and_labels(tmp_path):
    """X-GM-THRID is the provider's thread; X-Gmail-Labels may be an encoded word, its words are Gmail's."""
    one = message(
        1, X_GM_THRID="1844", X_Gmail_Labels="=?UTF-8?Q?Opened,Category_Promotions,Caf=C3=A9,Sent?="
    )
    two = message(2, X_GM_THRID="1844", X_Gmail_Labels="Drafts,Bin,Chats")

    copies, _ = read(written(tmp_path / "t.zip", zipped({"Takeout/Mail/All.mbox": mbox(one, two)})))

    assert [copy.provider_thread for copy in copies] == ["1844", "1844"]
    assert copies[0].labels == ("OPENED", "CATEGORY_PROMOTIONS", "CAFÉ", "SENT")
    assert copies[1].labels == ("DRAFT", "TRASH", "CHAT")


def test_companions_of_mail_are_passed_over(tmp_path):
    """An index or a table beside the messages is neither read nor refused; what might be mail is refused."""
    written(tmp_path / "box" / "1.eml", message(1))
    written(tmp_path / "box" / "1.msf", b"index")
    written(tmp_path / "box" / "truth.csv.gz", gzip.compress(b"a,b"))
    written(tmp_path / "box" / "2.eml", b"\x89PNG")

    copies, refused = read(tmp_path / "box")

    assert len(copies) == 1
    assert [no.source.rpartition("/")[2] for no in refused] == ["2.eml"]


def test_an_eml_that_begins_with_its_envelope_is_one_message(tmp_path):
    """What a single message holds is not cut out of it."""
    inner = "Look:\n\n" + mbox(message(2), message(3)).decode()
    copies, _ = read(written(tmp_path / "1.eml", mbox(message(1, body=inner))))

    assert [copy.message_id for copy in copies] == ["1@client.example"]


def test_messages_need_a_mailbox(tmp_path):
    """An mbox does not say whose it is, so nobody guesses."""
    _, refused = read(written(tmp_path / "a.mbox", mbox(*messages(3))), mailbox=None)

    assert [no.reason for no in refused] == ["whose messages? say it with --mailbox"]


def test_mailboxes_of_lines_may_differ(tmp_path):
    """Many mailboxes may share a file; --mailbox fills in where a line names none."""
    lines = line(1, mailbox="Ada+x@Acme.com") + line(2, mailbox="bo@acme.com") + line(3, mailbox=None)
    batches = list(opened(written(tmp_path / "a.jsonl", lines), mailbox="cy@acme.com").changes(None))

    assert [mailbox for mailbox, _ in keys(batches)] == ["ada@acme.com", "bo@acme.com", "cy@acme.com"]
