"""Opening periods: laid out by local date, turned into UTC, merged; against a minute-by-minute oracle."""

from __future__ import annotations

import time
from datetime import date, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from emailresponse import hours, mailboxes, openings, people, schedules, teams
from emailresponse.audit import Change
from emailresponse.days_off import DayOff
from emailresponse.hours import Weekly
from emailresponse.mailboxes import Mailbox
from emailresponse.people import Leave, Person
from emailresponse.schedules import Schedule
from emailresponse.teams import Membership
from emailresponse.timelines import Roster
from tests import oracle_openings

CHANGE = Change(datetime(2026, 1, 1), "ada")
ADA, BOB = "ada@acme.com", "bob@acme.com"
EPOCH = datetime(1970, 1, 1)


def schedule(text, zone="UTC", scope="workspace", scope_id="", **said):
    """Return a schedule as it is stored."""
    return Schedule(1, scope, scope_id, zone, hours=hours.parse(text), **said)


def box(address, kind="personal", owner=None, team=None, members=()):
    """Return a mailbox as it is stored."""
    return Mailbox(address, None, kind, owner, team, None, None, members)


def opened(roster, address, first, last):
    """Return a mailbox's opening periods that touch the time between two moments, as texts in UTC."""
    laid = openings.layout(roster, first, last)
    opens, closes = laid.openings[laid.calendar_ids[address]]
    pairs = [
        (EPOCH + timedelta(microseconds=int(a)), EPOCH + timedelta(microseconds=int(b)))
        for a, b in zip(opens, closes, strict=True)
    ]
    return [f"{a:%m-%d %H:%M} {b:%m-%d %H:%M}" for a, b in pairs if b > first and a < last]


def of_workspace(text, zone, first, last, **said):
    """Return the opening periods of a mailbox in a workspace with this one schedule."""
    roster = Roster(zone, schedules=(schedule(text, zone, **said),), mailboxes=(box(ADA),))
    return opened(roster, ADA, first, last)


def test_berlin_hours_move_in_utc_with_the_spring_change():
    """Nine o'clock is 08:00 UTC before, 07:00 UTC after the last Sunday of March."""
    assert of_workspace(
        "sat-mon 09:00-17:00", "Europe/Berlin", datetime(2025, 3, 29), datetime(2025, 4, 1)
    ) == [
        "03-29 08:00 03-29 16:00",
        "03-30 07:00 03-30 15:00",
        "03-31 07:00 03-31 15:00",
    ]


def test_new_york_hours_move_in_utc_with_the_autumn_change():
    """Nine o'clock is 13:00 UTC before, 14:00 UTC after the first Sunday of November."""
    assert of_workspace(
        "sat-sun 09:00-17:00", "America/New_York", datetime(2025, 11, 1), datetime(2025, 11, 3)
    ) == ["11-01 13:00 11-01 21:00", "11-02 14:00 11-02 22:00"]


@pytest.mark.parametrize(
    ("zone", "day", "text", "expected"),
    [
        # 02:30 never comes: the offset before the change makes it 01:30 UTC, which the clock calls 03:30.
        ("Europe/Berlin", date(2025, 3, 30), "sun 02:30-05:00", ["03-30 01:30 03-30 03:00"]),
        ("America/New_York", date(2025, 3, 9), "sun 02:30-05:00", ["03-09 07:30 03-09 09:00"]),
        # 02:30 (01:30) comes twice: the first one opens and closes.
        ("Europe/Berlin", date(2025, 10, 26), "sun 02:30-05:00", ["10-26 00:30 10-26 04:00"]),
        ("Europe/Berlin", date(2025, 10, 26), "sun 01:00-02:30", ["10-25 23:00 10-26 00:30"]),
        ("America/New_York", date(2025, 11, 2), "sun 01:30-05:00", ["11-02 05:30 11-02 10:00"]),
        # A period that lies in the missing hour keeps its length; one that only ends after it may vanish.
        ("Europe/Berlin", date(2025, 3, 30), "sun 02:15-02:45", ["03-30 01:15 03-30 01:45"]),
        ("Europe/Berlin", date(2025, 3, 30), "sun 02:45-03:15", []),
    ],
)
def test_a_local_time_that_comes_twice_or_never(zone, day, text, expected):
    """A time that comes twice is the first; one that never comes takes the offset before the change."""
    noon = datetime(day.year, day.month, day.day)

    assert of_workspace(text, zone, noon - timedelta(hours=6), noon + timedelta(hours=30)) == expected


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/New_York", "America/Sao_Paulo", "Asia/Kathmandu"])
def test_around_the_clock_business_time_is_calendar_time(zone):
    """A 24/7 schedule is one opening without a seam, across every change of the clocks."""
    first, last = datetime(2015, 1, 1), datetime(2025, 12, 31)

    (only,) = openings.layout(
        Roster(zone, schedules=(schedule("24/7", zone),), mailboxes=(box(ADA),)), first, last
    ).openings.values()

    assert len(only[0]) == 1
    assert EPOCH + timedelta(microseconds=int(only[0][0])) < first
    assert EPOCH + timedelta(microseconds=int(only[1][0])) > last


def test_bavarian_holidays_are_closed():
    """Corpus Christi closes Munich, not Hamburg; Christmas closes both."""
    said = {"country": "DE", "region": "BY"}
    thursday = datetime(2025, 6, 19), datetime(2025, 6, 20)

    assert of_workspace("mon-fri 09:00-17:00", "Europe/Berlin", *thursday, **said) == []
    assert of_workspace("mon-fri 09:00-17:00", "Europe/Berlin", *thursday, country="DE", region="HH")
    assert not of_workspace(
        "mon-fri 09:00-17:00", "Europe/Berlin", datetime(2025, 12, 25), datetime(2025, 12, 26), country="DE"
    )


def test_a_day_off_is_closed():
    """A day off that no calendar library knows opens nothing."""
    off = (DayOff(date(2025, 6, 3), "summer party"),)

    assert of_workspace(
        "mon-wed 09:00-10:00", "UTC", datetime(2025, 6, 2), datetime(2025, 6, 5), days_off=off
    ) == [
        "06-02 09:00 06-02 10:00",
        "06-04 09:00 06-04 10:00",
    ]


def test_leave_closes_the_owners_mailbox_alone():
    """Ada's leave closes her mailbox from its first to its last local day, and nobody else's."""
    roster = Roster(
        "Europe/Berlin",
        schedules=(schedule("mon-sun 00:00-01:00", "Europe/Berlin"),),
        people=(Person(ADA, "Ada", (ADA,)),),
        leaves=(Leave(ADA, date(2025, 6, 3), date(2025, 6, 4)),),
        mailboxes=(box(ADA, owner=ADA), box(BOB, owner=BOB)),
    )

    assert opened(roster, ADA, datetime(2025, 6, 1), datetime(2025, 6, 5)) == [
        "06-01 22:00 06-01 23:00",
        "06-04 22:00 06-04 23:00",
    ]
    assert len(opened(roster, BOB, datetime(2025, 6, 1), datetime(2025, 6, 5))) == 4


def test_a_new_version_counts_from_its_first_local_day():
    """A dated change is in force from its first day inclusive, the day before is under the old one."""
    roster = Roster(
        "UTC",
        schedules=(
            schedule("mon-sun 09:00-10:00"),
            schedule("mon-sun 12:00-13:00", from_day=date(2025, 3, 1)),
        ),
        mailboxes=(box(ADA),),
    )

    assert opened(roster, ADA, datetime(2025, 2, 28), datetime(2025, 3, 3)) == [
        "02-28 09:00 02-28 10:00",
        "03-01 12:00 03-01 13:00",
        "03-02 12:00 03-02 13:00",
    ]


def test_the_mailboxs_schedule_comes_before_the_teams_before_the_workspaces():
    """Each mailbox follows the nearest schedule there is."""
    roster = Roster(
        "UTC",
        schedules=(
            schedule("mon-sun 09:00-10:00"),
            schedule("mon-sun 11:00-12:00", scope="team", scope_id="sales"),
            schedule("mon-sun 13:00-14:00", scope="mailbox", scope_id=ADA),
        ),
        people=(Person(BOB, "Bob", (BOB,)),),
        memberships=(Membership(BOB, "sales"),),
        mailboxes=(box(ADA, team="sales"), box(BOB, owner=BOB), box("else@acme.com")),
    )
    day = datetime(2025, 6, 3), datetime(2025, 6, 4)

    assert opened(roster, ADA, *day) == ["06-03 13:00 06-03 14:00"]
    assert opened(roster, BOB, *day) == ["06-03 11:00 06-03 12:00"]
    assert opened(roster, "else@acme.com", *day) == ["06-03 09:00 06-03 10:00"]


def test_a_shared_mailbox_is_open_when_a_member_is():
    """Without its own schedule, sales@ has the union of its members' times, each less their leave."""
    roster = Roster(
        "UTC",
        schedules=(
            schedule("mon-sun 08:00-12:00", scope="mailbox", scope_id=ADA),
            schedule("mon-sun 11:00-15:00", scope="mailbox", scope_id=BOB),
        ),
        people=(Person(ADA, "Ada", (ADA,)), Person(BOB, "Bob", (BOB,))),
        leaves=(
            Leave(ADA, date(2025, 6, 4), date(2025, 6, 5)),
            Leave(BOB, date(2025, 6, 5), date(2025, 6, 5)),
        ),
        mailboxes=(
            box(ADA, owner=ADA),
            box(BOB, owner=BOB),
            box("sales@acme.com", kind="shared", members=(ADA, BOB)),
        ),
    )

    assert opened(roster, "sales@acme.com", datetime(2025, 6, 3), datetime(2025, 6, 7)) == [
        "06-03 08:00 06-03 15:00",
        "06-04 11:00 06-04 15:00",
        "06-06 08:00 06-06 15:00",
    ]


def test_without_any_schedule_it_is_nine_to_five_on_weekdays():
    """A workspace that says nothing is open Monday to Friday, 09:00 to 17:00 in its zone."""
    assert opened(
        Roster("Europe/Berlin", mailboxes=(box(ADA),)), ADA, datetime(2025, 6, 6), datetime(2025, 6, 10)
    ) == ["06-06 07:00 06-06 15:00", "06-09 07:00 06-09 15:00"]


def fill(store):
    """Store a team of two with a shared mailbox."""
    with store.transaction():
        teams.add(store, CHANGE, "Sales")
        for address in (ADA, BOB):
            people.add(store, CHANGE, name=address[:3], addresses=[address])
            teams.join(store, CHANGE, "sales", address)
            mailboxes.add(store, CHANGE, address)
        mailboxes.add(store, CHANGE, "sales@acme.com", kind="shared", team="sales")
        schedules.add(store, CHANGE, hours="mon-fri 09:00-12:00,13:00-17:00", zone="Europe/Berlin")


def test_running_time_is_the_opening_time_before(store):
    """Every period of the table carries the opening time of its calendar that lies before it."""
    fill(store)
    with store.transaction():
        openings.lay_out(store, datetime(2025, 1, 1), datetime(2025, 2, 1))

    rows = store._connection.execute("FROM opening ORDER BY calendar_id, opens_at").fetchall()

    total = timedelta()
    for calendar_id, opens_at, closes_at, running_us in rows:
        assert calendar_id == 1
        assert timedelta(microseconds=running_us) == total
        total += closes_at - opens_at
    assert rows[-1][2] > datetime(2026, 3, 1)


def test_mailboxes_open_at_the_same_times_share_a_calendar(store):
    """Ids follow the least mailbox; leave makes one of its own; a mailbox that only copies know has one."""
    fill(store)
    with store.transaction():
        people.add_leave(store, CHANGE, ADA, date(2025, 1, 7), date(2025, 1, 8))
        store._connection.execute(
            "INSERT INTO copy (copy_key, mailbox, provider, provider_id, imported_at, labels, is_hidden,"
            " is_merging, is_from_list, reply_to, to_addresses, cc_addresses, bcc_addresses, delivered_to,"
            " reply_ids, reference_ids, unsubscribe_hosts, marks, problems)"
            " SELECT 1, 'zoe@acme.com', 'file', '1',"
            " TIMESTAMP '2025-01-01', [], false, false, false, [], [], [], [], [], [], [], [], [], []"
        )
        openings.lay_out(store, datetime(2025, 1, 1), datetime(2025, 2, 1))

    assert store._connection.execute("FROM calendar ORDER BY mailbox").fetchall() == [
        (ADA, 1),
        (BOB, 2),
        ("sales@acme.com", 2),
        ("zoe@acme.com", 2),
    ]


def test_fifty_mailboxes_over_ten_years_take_less_than_a_second():
    """Laying out is quick enough to be done at every refresh."""
    addresses = [f"p{n}@acme.com" for n in range(50)]
    roster = Roster(
        "Europe/Berlin",
        schedules=tuple(
            schedule(
                f"mon-fri 08:{n:02}-12:00,13:00-17:00",
                "Europe/Berlin",
                "mailbox",
                one,
                country="DE",
                region="BY",
            )
            for n, one in enumerate(addresses)
        ),
        leaves=tuple(Leave(one, date(2020, 1, 1), date(2020, 1, 20)) for one in addresses),
        mailboxes=tuple(box(one, owner=one) for one in addresses),
    )
    began = time.process_time()

    openings.layout(roster, datetime(2016, 1, 1), datetime(2026, 1, 1))

    assert time.process_time() - began < 1


ZONES = ("Europe/Berlin", "America/New_York", "Asia/Kathmandu", "America/Sao_Paulo", "Australia/Lord_Howe")
PEOPLE = ("p1", "p2", "p3")
DAYS = st.dates(date(2018, 10, 20), date(2018, 11, 10))
OPEN_DAYS = st.none() | DAYS


@st.composite
def weeklies(draw):
    """Draw weekly hours that can be."""
    found = []
    for weekday in draw(st.sets(st.integers(1, 7), min_size=1)):
        cuts = sorted(draw(st.sets(st.integers(0, 96), min_size=2, max_size=4)))
        found += [Weekly(weekday, a * 15, b * 15) for a, b in zip(cuts[::2], cuts[1::2], strict=False)]
    return tuple(sorted(found))


def dated(draw):
    """Draw days in order."""
    first, last = draw(OPEN_DAYS), draw(OPEN_DAYS)
    if first and last and last < first:
        first, last = last, first
    return {"from_day": first, "until_day": last}


@st.composite
def rosters(draw):
    """Draw a small workspace around changes of the clocks in five zones."""
    scopes = [
        ("workspace", ""),
        ("team", "t1"),
        ("team", "t2"),
        *(("mailbox", f"{one}@acme.com") for one in PEOPLE),
    ]
    found = []
    for scope, scope_id in draw(st.lists(st.sampled_from(scopes), unique=True, max_size=4)):
        begins = sorted(draw(st.sets(DAYS, max_size=2)))
        for number, begin in enumerate([None, *begins]):
            later = begins[number] if number < len(begins) else None
            until = draw(
                st.none()
                | st.dates(begin or date(2018, 10, 1), (later or date(2018, 12, 1)) - timedelta(days=1))
            )
            country = draw(st.sampled_from([(None, None), ("DE", "BY"), ("US", "NY")]))
            found.append(
                Schedule(
                    len(found) + 1,
                    scope,
                    scope_id,
                    draw(st.sampled_from(ZONES)),
                    begin,
                    until,
                    *country,
                    hours=draw(weeklies()),
                    days_off=tuple(DayOff(day, "off") for day in draw(st.sets(DAYS, max_size=2))),
                )
            )
    members = tuple(sorted(draw(st.sets(st.sampled_from(PEOPLE)))))
    return Roster(
        "Europe/Berlin",
        tuple(found),
        tuple(Person(one, one, (), **dated(draw)) for one in PEOPLE),
        tuple(
            Membership(one, team, **dated(draw))
            for one in PEOPLE
            for team in ("t1", "t2")
            if draw(st.booleans())
        ),
        tuple(
            Leave(one, min(days), max(days))
            for one in draw(st.lists(st.sampled_from(PEOPLE), max_size=3))
            for days in [draw(st.tuples(DAYS, DAYS))]
        ),
        (
            *(box(f"{one}@acme.com", owner=one, team=draw(st.sampled_from([None, "t1"]))) for one in PEOPLE),
            box("sales@acme.com", kind="shared", team="t1", members=members),
            box("shared@acme.com", kind="shared", team=draw(st.sampled_from([None, "t2"]))),
        ),
    )


@settings(max_examples=25)
@given(rosters())
def test_layout_is_the_oracles(roster):
    """Every mailbox is open at exactly the minutes that the slow walk finds."""
    first, last = datetime(2018, 10, 18), datetime(2018, 11, 12)

    laid = openings.layout(roster, first, last)

    for mailbox in roster.mailboxes:
        expected = oracle_openings.open_minutes(
            roster, mailbox, first.date() - timedelta(days=2), last.date() + timedelta(days=2)
        )
        opens, closes = laid.openings[laid.calendar_ids[mailbox.mailbox]]
        assert np.all(opens < closes)
        assert np.all(closes[:-1] < opens[1:])
        found = {
            EPOCH + timedelta(microseconds=int(moment))
            for a, b in zip(opens, closes, strict=True)
            for moment in range(int(a), min(int(b), _us(last) + 1), 60_000_000)
        }
        within = {moment for moment in expected if first <= moment < last}
        assert {moment for moment in found if first <= moment < last} == within


def _us(moment):
    return int((moment - EPOCH).total_seconds() * 1_000_000)
