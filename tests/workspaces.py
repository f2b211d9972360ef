"""Hypothesis strategies for small workspaces that meet every clause of metrics.md often.

Values come from small pools, so that ids, threads, companies, moments and subjects collide: ids that nobody
bears or that are addresses, naming in circles, different mails under one id, wrong clocks, hidden headers,
forms, lists, Graph threads, spam and trash that come and go, overrides of every kind.
"""

from __future__ import annotations

import dataclasses
from datetime import date, datetime, timedelta

from hypothesis import strategies as st

from emailresponse import hours
from emailresponse.copies import Copy
from emailresponse.days_off import DayOff
from emailresponse.filter import CLASSES
from emailresponse.goals import Goal
from emailresponse.people import Leave
from emailresponse.schedules import Schedule
from emailresponse.teams import Membership
from tests import oracle
from tests.story import at

ADA, BEN, CY = "ada@acme.com", "ben@acme.com", "cy@acme.com"
SALES, GROUP, FORM, OWN_FORM = "sales@acme.com", "all@acme.com", "forms@site.com", "web@acme.com"
LIST = "talk@lists.org"
INSIDE = (ADA, BEN, CY, "cyril@gmail.com", SALES, GROUP, "unlisted@acme.com")
OUTSIDE = ("bob@client.com", "eve@client.com", "dan@other.com", "fay@gmail.com", "gus@sub.acme.com")
MAILBOXES = (ADA, BEN, CY, SALES)
START = at("2026-03-02 09:00")
IDS = tuple(f"m{number}" for number in range(14))
NAMED = (*IDS, "gone@x", ADA, "bob@client.com", "Bob+x@CLIENT.com")
MARKS = (
    "delivery_status",
    "report",
    "daemon",
    "null_return_path",
    "calendar",
    "auto_submitted",
    "auto_header",
    "out_of_office",
    "no_reply",
)
BULK = ("precedence_list", "precedence_bulk", "list_id", "list_post", "list_unsubscribe")
LIST_IDS = ("all.acme.com", "sales.acme.com", "talk.lists.org")
HOURS = (
    "mon-fri 09:00-17:00",
    "24/7",
    "mon-sun 08:00-12:00,13:00-18:30",
    "sat-sun 00:00-06:00",
    "wed 10:00-16:00",
)
ZONES = ("UTC", "Asia/Kathmandu", "America/New_York", "Europe/Berlin")
HOSTS = ("acme.com", "googlegroups.com", "news.shop.com", "all.acme.com")

_gaps = st.sampled_from(
    [timedelta(0), timedelta(seconds=15), timedelta(minutes=20), timedelta(hours=3), timedelta(hours=20)] * 2
    + [timedelta(seconds=-90), timedelta(minutes=-10), *[timedelta(days=3), timedelta(days=4)] * 2]
    + [timedelta(days=8), timedelta(days=15), timedelta(days=31), timedelta(days=-20), timedelta(days=370)]
)
_rarely = st.sampled_from([False] * 7 + [True])
_seldom = st.sampled_from([False] * 19 + [True])
_never = st.just(False)

# What a workspace is mostly about, so that what takes several matching messages is met, too.
THEMES = ("hidden", "merged", "bursts", "decided", "late", "copied", "forms")
_moves = {
    "hidden": st.sampled_from([timedelta(seconds=15), timedelta(minutes=20)]),
    "bursts": st.sampled_from([timedelta(hours=3), timedelta(days=3), timedelta(days=4), timedelta(days=15)]),
    "decided": st.sampled_from([timedelta(minutes=20), timedelta(hours=20), timedelta(days=3)]),
    "late": st.sampled_from([timedelta(hours=3), timedelta(days=15), timedelta(days=31)]),
}
_kinds = {
    "hidden": ["outbound"] * 6 + ["inbound"],
    "bursts": ["inbound"] * 4 + ["outbound"],
    "decided": ["inbound"] * 4 + ["outbound", "note"],
    "late": ["inbound", "outbound"],
    "copied": ["inbound"] * 3 + ["outbound", "note"],
    "forms": ["form"] * 3 + ["inbound", "outbound", "note"],
}
_any_kind = ["inbound"] * 5 + ["outbound"] * 4 + ["note", "form", "list"]


def _some(pool: tuple[str, ...], most: int) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(pool), max_size=most, unique=True).map(tuple)


@st.composite
def workspaces(draw: st.DrawFn, most: int = 12) -> oracle.Workspace:
    """Draw a workspace of up to `most` messages."""
    workspace = oracle.Workspace(
        zone=draw(st.sampled_from(["UTC", "Asia/Kathmandu", "America/New_York"])),
        domains={"acme.com": draw(_rarely)},
        groups={GROUP},
        people={ADA: (ADA,), BEN: (BEN,), CY: (CY, "cyril@gmail.com")},
        mailboxes={
            ADA: oracle.Mailbox(ADA, ADA),
            BEN: oracle.Mailbox(BEN, BEN, backfill_from=START + timedelta(days=2) if draw(_rarely) else None),
            CY: oracle.Mailbox(CY, CY, synced_at=START + timedelta(days=12) if draw(_rarely) else None),
            SALES: oracle.Mailbox(SALES),
        },
        form_senders={FORM, OWN_FORM},
        dismissed_senders={"fay@gmail.com": "no need"} if draw(_rarely) else {},
    )
    moment = START
    theme = draw(st.sampled_from((*["wild"] * len(THEMES), *THEMES)))
    is_hidden = theme == "hidden" or draw(st.booleans())
    focus = draw(st.sampled_from(OUTSIDE))
    provider = draw(st.sampled_from(["gmail", "graph", "file"]))
    for number in range(draw(st.integers(2, most))):
        moment += draw(_moves.get(theme, _gaps))
        copies = draw(_message(number, moment, provider, focus, theme, is_hidden=is_hidden))
        workspace.copies += [
            dataclasses.replace(copy, provider_id=f"c{number:02}{place}") for place, copy in enumerate(copies)
        ]
    if theme == "merged" or draw(_rarely):
        merged = (
            draw(st.lists(st.sampled_from(workspace.copies))) if draw(st.booleans()) else workspace.copies
        )
        workspace.merging = {(copy.mailbox, copy.provider_id) for copy in merged}
    _placements(draw, workspace)
    _overrides(draw, workspace, most=6 if theme == "decided" else 3)
    if draw(st.booleans()):
        _teams(draw, workspace)
        _goals(draw, workspace)
        workspace.schedules = draw(_schedules())
    return workspace


def _day(draw: st.DrawFn, first: int = -3, last: int = 20) -> date:
    return START.date() + timedelta(days=draw(st.integers(first, last)))


def _teams(draw: st.DrawFn, workspace: oracle.Workspace) -> None:
    for person in (ADA, BEN, CY):
        for team in draw(_some(("east", "west"), 2)):
            since = _day(draw) if draw(st.booleans()) else None
            until = (
                None
                if draw(st.booleans())
                else (since or START.date()) + timedelta(days=draw(st.integers(0, 9)))
            )
            workspace.stays.append(Membership(person, team, since, until))
        if draw(_rarely):
            since = _day(draw)
            workspace.leaves.append(Leave(person, since, since + timedelta(days=draw(st.integers(0, 5)))))
    sales = workspace.mailboxes[SALES]
    workspace.mailboxes[SALES] = dataclasses.replace(
        sales, team=draw(st.sampled_from([None, "east"])), members=draw(_some((ADA, BEN), 2))
    )


@st.composite
def _schedules(draw: st.DrawFn) -> list[Schedule]:
    found = []
    for key in (("workspace", ""), ("team", "east"), ("mailbox", BEN), ("mailbox", SALES)):
        for since in (None, _day(draw, 1))[: draw(st.integers(0, 2))]:
            off = {_day(draw) for _ in range(draw(st.integers(0, 3)))}
            found.append(
                Schedule(
                    len(found) + 1,
                    *key,
                    zone=draw(st.sampled_from(ZONES)),
                    from_day=since,
                    until_day=None if since is None or draw(st.booleans()) else since + timedelta(days=4),
                    country=draw(st.sampled_from([None, None, "US", "DE"])),
                    hours=hours.parse(draw(st.sampled_from(HOURS))),
                    days_off=tuple(DayOff(day, "closed") for day in sorted(off)),
                )
            )
    return found


def _goals(draw: st.DrawFn, workspace: oracle.Workspace) -> None:
    for key in (("workspace", ""), ("team", "east"), ("mailbox", BEN), ("person", ADA), ("person", BEN)):
        for name in draw(_some(CLASSES, 3)):
            workspace.goals.append(
                Goal(
                    0,
                    *key,
                    wait_class=name,
                    clock=draw(st.sampled_from(["business", "calendar"])),
                    seconds=draw(st.sampled_from([60, 3600, 36_000, 400_000])),
                    share=0.9,
                    from_day=draw(st.sampled_from([None, START.date(), START.date() + timedelta(days=3)])),
                    until_day=draw(st.sampled_from([None, START.date() + timedelta(days=6)])),
                )
            )


@st.composite
def _message(
    draw: st.DrawFn,
    number: int,
    moment: datetime,
    provider: str,
    focus: str,
    theme: str,
    *,
    is_hidden: bool,
) -> list[Copy]:
    """Draw one message as one to three mailboxes hold it."""
    kind = draw(st.sampled_from(_kinds.get(theme, _any_kind)))
    is_calm = theme in _kinds
    rarely = _never if is_calm else _rarely
    facts: dict[str, object] = {"from_name": draw(st.sampled_from([None, "Bob", "Bob via Sales"]))}
    reply_to = draw(_some((*OUTSIDE, *INSIDE), 2)) if draw(rarely) else ()
    if kind == "inbound":
        author, to = draw(st.sampled_from((*[focus] * 6, *OUTSIDE, focus if is_calm else None))), INSIDE
    elif kind == "form":
        author, to = draw(st.sampled_from([FORM, OWN_FORM])), INSIDE
        reply_to = draw(_some((*OUTSIDE, ADA), 2))
    elif kind == "list":
        author, to = draw(st.sampled_from([LIST, GROUP])), (*INSIDE, *OUTSIDE)
        facts["is_from_list"] = draw(st.booleans())
        facts["original_from"] = draw(st.sampled_from([None, *OUTSIDE, ADA]))
        reply_to = draw(_some((*OUTSIDE, ADA, LIST), 2))
    else:
        author = draw(st.sampled_from(INSIDE))
        to = (focus, *OUTSIDE) if kind == "outbound" else INSIDE
    every = (*INSIDE, *OUTSIDE)
    recipients = draw(
        st.lists(st.sampled_from(to), min_size=0 if draw(rarely) else 1, max_size=2, unique=True)
    )
    is_cc_only = kind == "inbound" and draw(st.booleans() if theme == "copied" else rarely)
    if is_cc_only:
        recipients = ["x@else.com"]
    named = draw(_some(NAMED if draw(rarely) else IDS[: max(number, 1)], 2)) if draw(st.booleans()) else ()
    if number and (draw(st.booleans()) or (is_calm and draw(st.booleans()))):
        named = (f"m{number - 1}", *named)
    is_reference = draw(st.booleans())
    is_bulk = draw(rarely)
    copy = Copy(
        mailbox=ADA,
        provider=provider,
        provider_id="",
        provider_thread=draw(st.sampled_from([None, "t1", "t2"])),
        copied_at=None if draw(_seldom) else moment,
        sent_at=moment if theme == "merged" else draw(st.sampled_from([moment, moment, moment, START, None])),
        size_bytes=100 if theme == "hidden" else draw(st.sampled_from([None, 100, 200])),
        message_id=draw(st.sampled_from([None, "m0", "m1", "bob@client.com"]))
        if draw(rarely)
        else f"m{number}",
        subject="One" if theme == "hidden" else draw(st.sampled_from(["One", "Two", "Re: One", None])),
        from_address=author,
        sender_address=draw(st.sampled_from([None, ADA, BEN, "bob@client.com"])) if draw(rarely) else None,
        reply_to=tuple(reply_to),
        to_addresses=tuple(recipients),
        cc_addresses=(ADA,) if is_cc_only else draw(_some(every, 2)) if draw(rarely) else (),
        bcc_addresses=draw(_some(every, 1)) if draw(rarely) else (),
        delivered_to=draw(_some(INSIDE, 2)) if draw(rarely) else (),
        reply_ids=() if is_reference else named,
        reference_ids=named if is_reference else (),
        is_hidden=is_hidden and (theme == "hidden" or draw(st.booleans())),
        marks=draw(_some(MARKS, 1)) if draw(rarely) else (),
        **facts,
    )
    boxes = MAILBOXES[:1] if theme == "hidden" else MAILBOXES
    held = draw(st.lists(st.sampled_from(boxes), min_size=1, max_size=3, unique=True))
    is_sent = kind in {"outbound", "note"} and draw(st.sampled_from([True] * 4 + [False]))
    others = st.booleans() if theme == "merged" else rarely
    copies = []
    for place, mailbox in enumerate(held):
        labels = ("SENT",) if is_sent and (place == 0 or draw(rarely)) else ()
        if draw(_seldom):
            labels += (draw(st.sampled_from(["SPAM", "TRASH", "DRAFT", "CHAT"])),)
        if is_bulk and draw(st.sampled_from([True, True, False])):
            labels += draw(_some(("CATEGORY_PROMOTIONS", "CATEGORY_FORUMS"), 1))
            marks = (*copy.marks, *draw(_some(BULK, 2)))
            list_id = draw(st.sampled_from(LIST_IDS)) if "list_id" in marks else None
            hosts = draw(_some(HOSTS, 2)) if "list_unsubscribe" in marks else ()
        else:
            marks, list_id, hosts = copy.marks, None, ()
        late = timedelta(seconds=draw(st.sampled_from([0, 0, 1, 60])))
        copies.append(
            dataclasses.replace(
                copy,
                mailbox=mailbox,
                labels=labels,
                marks=marks,
                list_id=list_id,
                unsubscribe_hosts=hosts,
                copied_at=None if copy.copied_at is None else copy.copied_at + late,
                message_id=f"n{number}" if place and draw(others) else copy.message_id,
            )
        )
    return copies


def _placements(draw: st.DrawFn, workspace: oracle.Workspace) -> None:
    chosen = draw(st.lists(st.sampled_from(workspace.copies), max_size=3))
    if chosen and draw(st.booleans()):
        # A message that vanishes everywhere.
        chosen += [copy for copy in workspace.copies if copy.message_id == chosen[0].message_id]
    gone = draw(st.sampled_from(["TRASH", "SPAM"]))
    for number, copy in enumerate(chosen):
        # A folder takes the place of the one before; a label stands beside it.
        kept = tuple(label for label in copy.labels if label == "SENT" and copy.provider == "gmail")
        change = draw(st.sampled_from([(gone,)] * 6 + [(), ("TRASH",), ("SPAM",), ("INBOX",), ("DRAFT",)]))
        workspace.placements.append(
            oracle.Placement(
                copy.mailbox,
                copy.provider_id,
                workspace.imported_at + timedelta(days=number),
                (*kept, *change),
            )
        )


def _overrides(draw: st.DrawFn, workspace: oracle.Workspace, most: int) -> None:
    kinds = [*["dismiss", "call", "by_hand"] * 2, "human", "automated", "assign", "withdraw"]
    inbound = [copy for copy in workspace.copies if "SENT" not in copy.labels] or workspace.copies
    for number in range(draw(st.integers(0, most))):
        copy = draw(st.sampled_from(inbound if draw(st.booleans()) else workspace.copies))
        # Half a second after the message: a decision never falls on the moment of another message.
        after = timedelta(seconds=0.5) + draw(
            st.sampled_from([timedelta(minutes=5), timedelta(hours=5), timedelta(days=5), timedelta(days=16)])
        )
        workspace.overrides.append(
            oracle.Override(
                copy.mailbox,
                copy.provider_id,
                draw(st.sampled_from(kinds)),
                workspace.imported_at + timedelta(days=10 + number),
                (copy.copied_at or START) + after,
                person=draw(st.sampled_from([ADA, BEN])),
                reason="said so",
            )
        )
