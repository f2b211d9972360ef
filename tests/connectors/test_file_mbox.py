"""An mbox is cut where messages begin, and nowhere else, whatever stands in it."""

from __future__ import annotations

import gzip
import io
import lzma
import mailbox
import tracemalloc

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st
from mail import mbox, message, messages, written
from test_file import read

from connectors.file import mbox as splitter
from connectors.file import parts
from connectors.file.streams import Stream
from emailresponse.fields import HEADER_LIMIT

ENVELOPE = b"From lee@client.example Mon Mar  2 09:00:00 2026\n"


def blocks(data, size=1 << 20):
    """Return the header blocks of bytes that come in pieces of a size."""
    return list(splitter.blocks(Stream(io.BytesIO(data).read if size > 1 << 19 else _small(data, size))))


def _small(data, size):
    held = io.BytesIO(data)
    return lambda _: held.read(size)


@pytest.mark.parametrize(
    "body",
    [
        "From here on it is easy.\n",
        "\nFrom Monday to Friday at 10:00 we meet.\nNote: bring a pen\n",
        "\nFrom Ada, Mon Mar  2 09:00:00 2026\n\nand no field follows\n",
        "text\nFrom lee@client.example Mon Mar  2 09:00:00 2026\nSubject: no empty line before\n",
        "\n>From lee@client.example Mon Mar  2 09:00:00 2026\nSubject: quoted\n",
        "\n From lee@client.example Mon Mar  2 09:00:00 2026\nSubject: indented\n",
    ],
)
def test_unescaped_from_line_neither_cuts_nor_loses(tmp_path, body):
    """A line of a body that begins with "From " is no separator unless it is one in every respect."""
    data = mbox(message(1, body=body), message(2), message(3, body=body))

    copies, refused = read(written(tmp_path / "a.mbox", data))

    assert [copy.message_id[0] for copy in copies] == ["1", "2", "3"]
    assert refused == []


@pytest.mark.parametrize(
    "envelope",
    [
        b"From lee@client.example Mon Mar  2 09:00:00 2026",
        b"From lee at client.example  Mon Mar  2 09:00:00 2026",
        b"From - Mon Mar 02 09:00:00 2026",
        b"From 1844347792267117879@xxx Mon Mar 02 09:00:00 +0000 2026",
        b"From 1844347792267117879@xxx",
        b"From lee@client.example Mon, 2 Mar 2026 09:00:00 +0100",
        b"From MAILER-DAEMON Mon Mar  2 09:00 2026",
    ],
)
def test_separators_of_every_writer_are_known(envelope):
    """Mail programs, list archives and Takeout write the line differently."""
    data = b"".join(envelope + b"\n" + one + b"\n" for one in messages(3))

    assert len(blocks(data)) == 3


@pytest.mark.parametrize("end", [b"\r\n", b"\r", b"\n"])
def test_line_ends_do_not_matter(tmp_path, end):
    """CRLF and lone CR give the same copies as LF."""
    data = mbox(*messages(5))
    wanted, _ = read(written(tmp_path / "lf.mbox", data))

    copies, refused = read(written(tmp_path / "other.mbox", data.replace(b"\n", end)))

    assert copies == wanted
    assert refused == []


@given(
    st.lists(st.integers(0, 400), min_size=1, max_size=8),
    st.integers(1, 200),
    st.sampled_from([b"\n", b"\r\n"]),
)
def test_pieces_of_any_size_give_the_same_blocks(sizes, piece, end):
    """Where the file happens to be cut in reading changes nothing."""
    bodies = [("x" * 60 + "\n") * (size // 60) + "From me\n\n" for size in sizes]
    data = mbox(*(message(number, body=body) for number, body in enumerate(bodies))).replace(b"\n", end)

    found = blocks(data, piece)

    assert found == blocks(data)
    assert [data[block.position : block.position + 5] for block in found] == [b"From "] * len(sizes)
    assert all(b"Message-ID" in block.raw and b"x" * 9 not in block.raw for block in found)


BODIES = st.sampled_from(
    [
        "text\n",
        "\n\n",
        "From me\n\n",
        "\nFrom Ada\nSubject: none\n",
        ENVELOPE.decode() + "Subject: inner\n",
        "\n" + ENVELOPE.decode() + "no field\n",
        "x" * 5_000 + "\n",
    ]
)


@given(st.lists(st.tuples(BODIES, st.booleans()), min_size=1, max_size=8), st.data(), st.booleans())
def test_stretches_cut_anywhere_give_the_blocks_of_the_whole(bodies, data, is_crlf):
    """Also where a header block has no end, a body holds what looks like separators, or lines end in CRLF."""
    ended = [message(number, body=body) for number, (body, _) in enumerate(bodies)]
    unended = [one.replace(b"\n\n", b"\n") if bodies[number][1] else one for number, one in enumerate(ended)]
    whole = mbox(*unended).replace(b"\n", b"\r\n" if is_crlf else b"\n")
    cuts = sorted(data.draw(st.lists(st.integers(splitter._LOOKBEHIND, len(whole)), max_size=5, unique=True)))

    def open_at(place):
        return Stream(_small(whole[place:], 97))

    found = [
        block
        for begin, until in zip([0, *cuts], [*cuts, None], strict=True)
        for block in splitter.stretch(open_at, begin, until, splitter.manner(whole))
    ]

    assert found == blocks(whole)


def test_stretches_of_a_file_without_dates_are_cut_at_its_own_separators():
    """Each stretch knows how the first separator of the file looked."""
    whole = b"".join(b"From 1844347792267117879@xxx\n" + one + b"\n" for one in messages(4))
    cut = len(whole) // 2

    def read(begin, until):
        return list(
            splitter.stretch(
                lambda at: Stream(io.BytesIO(whole[at:]).read), begin, until, splitter.manner(whole)
            )
        )

    assert read(0, cut) + read(cut, None) == blocks(whole)
    assert len(blocks(whole)) == 4


def test_positions_are_those_of_pythons_mailbox(tmp_path):
    """On a well-formed file the cuts are the standard library's."""
    path = written(tmp_path / "a.mbox", mbox(*messages(20)))
    box = mailbox.mbox(path)
    box._generate_toc()
    wanted = [start for start, _ in box._toc.values()]
    box.close()

    assert [block.position for block in blocks(path.read_bytes())] == wanted


def test_message_without_body_or_empty_line_ends_at_the_next(tmp_path):
    """A header block that no empty line ended is cut at the separator."""
    data = (
        ENVELOPE
        + b"Subject: one\nMessage-ID: <1@x>\n"
        + ENVELOPE
        + b"Message-ID: <2@x>\n\n"
        + mbox(message(3))
    )

    copies, _ = read(written(tmp_path / "a.mbox", data))

    assert [copy.message_id[0] for copy in copies] == ["1", "2", "3"]


def test_byte_order_mark_and_blank_lines_may_come_first(tmp_path):
    """What an editor put before the first message does not hide it."""
    copies, _ = read(written(tmp_path / "a.mbox", b"\xef\xbb\xbf\r\n\n" + mbox(*messages(2))))

    assert len(copies) == 2


def test_oversized_header_is_cut_and_said(tmp_path):
    """Of a 10 MB header the first MiB is read; the message is kept, and so is the next."""
    data = mbox(message(1, X_Filler="y" * 10_000_000), message(2))

    copies, refused = read(written(tmp_path / "a.mbox", data))

    assert [copy.problems for copy in copies] == [("oversized_header",), ()]
    assert copies[0].message_id is not None
    assert refused == []
    assert len(blocks(data)[0].raw) == HEADER_LIMIT


def test_oversized_header_of_a_single_message_is_cut(tmp_path):
    """The same for a message in a file of its own."""
    copies, _ = read(written(tmp_path / "1.eml", message(1, X_Filler="y" * 10_000_000)))

    assert copies[0].problems == ("oversized_header",)


def test_huge_body_is_never_held():
    """A body of 200 MB passes by in a few megabytes of memory."""
    left = [mbox(message(1)), *[b"x" * 999_999 + b"\n"] * 200, b"\n" + mbox(message(2))]
    tracemalloc.start()
    found = sum(1 for _ in splitter.blocks(Stream(lambda _: left.pop(0) if left else b"")))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert found == 2
    assert peak < 12_000_000


@pytest.mark.parametrize(
    ("name", "pack", "said"),
    [
        ("a.mbox.gz", gzip.compress, "truncated: the gzip data end early"),
        ("a.mbox.xz", lzma.compress, "truncated: the xz data end early"),
        ("a.mbox.zst", zstandard.ZstdCompressor().compress, "truncated: the Zstandard data end early"),
    ],
)
def test_truncated_file_keeps_what_came_before(tmp_path, name, pack, said):
    """What could be unpacked is kept; the rest is refused with the file, the place and the reason."""
    import random

    noise = random.Random(7)
    many = mbox(*(message(n, body=noise.randbytes(20_000).hex() + "\n") for n in range(200)))
    packed = pack(many)

    copies, refused = read(written(tmp_path / name, packed[: len(packed) // 2]))

    assert 10 < len(copies) < 190
    assert len(refused) == 1
    assert refused[0].reason == said
    assert refused[0].source.endswith(name)
    assert 0 < refused[0].position < len(many)


def test_damaged_file_is_refused_where_it_breaks(tmp_path):
    """A flipped byte in packed data is a refusal, not a traceback."""
    packed = bytearray(gzip.compress(mbox(*messages(50))))
    packed[40:60] = b"\xff" * 20

    _, refused = read(written(tmp_path / "a.mbox.gz", bytes(packed)))

    assert len(refused) == 1
    assert "gzip" in refused[0].reason or "empty" in refused[0].reason


def test_packed_files_may_be_joined(tmp_path):
    """`cat a.gz b.gz` is one file."""
    data = gzip.compress(mbox(message(1))) + gzip.compress(mbox(message(2))) + b"\0" * 8

    copies, refused = read(written(tmp_path / "a.mbox.gz", data))

    assert len(copies) == 2
    assert refused == []


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "empty"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 50, "no message, mbox"),
        (b"Dear diary,\n\ntoday was fine.\n", "no message, mbox"),
        (b"From Ada with love\n\nand no field\n", "no message, mbox"),
        ("From lee Mon".encode("utf-16"), "UTF-16"),
        (b"PK\x03\x04" + b"\0" * 40, "zip"),
        (b"\x1f\x8b\x08", "gzip"),
    ],
)
def test_what_is_no_mail_is_refused_with_the_reason(tmp_path, data, said):
    """A file of something else is named, and says what is wrong with it."""
    copies, refused = read(written(tmp_path / "thing", data))

    assert copies == []
    assert [said in no.reason for no in refused] == [True]


def test_file_without_permission_is_refused(tmp_path, monkeypatch):
    """A file that may not be read is named; the others are read."""
    written(tmp_path / "box" / "1.eml", message(1))
    written(tmp_path / "box" / "2.eml", message(2))
    opening = parts.Path.open

    def guarded(self, *mode):
        if self.name == "2.eml":
            raise PermissionError(13, "Permission denied")
        return opening(self, *mode)

    monkeypatch.setattr(parts.Path, "open", guarded)
    copies, refused = read(tmp_path / "box")

    assert len(copies) == 1
    assert [(no.source[-5:], no.reason) for no in refused] == [("2.eml", "no permission")]


def test_truncated_zip_is_refused(tmp_path):
    """A zip archive without its end cannot be listed."""
    from test_file import zipped

    whole = zipped({"a.mbox": mbox(*messages(50))})
    _, refused = read(written(tmp_path / "a.zip", whole[: len(whole) // 2]))

    assert ["truncated or damaged zip archive" in no.reason for no in refused] == [True]


def test_truncated_tgz_keeps_what_came_before(tmp_path):
    """The members before the cut are kept."""
    import random

    from test_file import tarred

    noise = random.Random(7)
    one, two = (mbox(message(n, body=noise.randbytes(300_000).hex() + "\n")) for n in (1, 2))
    whole = tarred({"1.mbox": one, "2.mbox": two})

    copies, refused = read(written(tmp_path / "a.tgz", whole[: len(whole) * 3 // 4]))

    assert [copy.message_id[0] for copy in copies] == ["1", "2"]
    assert any("truncated" in no.reason for no in refused)
