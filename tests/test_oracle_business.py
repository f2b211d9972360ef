"""metrics.md sections 4, 5 and 7: business time, goals and teams of waits, and volumes."""

from __future__ import annotations

from datetime import date

import pytest

from emailresponse import hours
from emailresponse.days_off import DayOff
from emailresponse.goals import Goal
from emailresponse.people import Leave
from emailresponse.schedules import Schedule
from emailresponse.teams import Membership
from tests.story import ADA, BEN

SALES = "sales@acme.com"
TUESDAY = date(2026, 3, 3)


def schedule(text="mon-fri 09:00-17:00", zone="UTC", scope="workspace", scope_id="", **said):
    """Return a schedule as a workspace has it."""
    return Schedule(1, scope, scope_id, zone, hours=hours.parse(text), **said)


def goal(seconds, clock="calendar", scope="workspace", scope_id="", wait_class="lead_new", **said):
    """Return a goal as a workspace has it."""
    return Goal(1, scope, scope_id, wait_class, clock, seconds, 0.9, **said)


def test_night_is_no_business_time(story):
    """From five minutes before closing to five minutes after opening are ten minutes."""
    story.inbound("16:55").day(1).outbound("09:05")

    assert story.wait().business_seconds == 600
    assert story.wait().flags == ()


def test_both_ends_out_of_hours_are_flagged(story):
    """A wait of a weekend has no business time, and says so."""
    story.day(5).inbound("10:00").day(6).outbound("10:00")

    assert story.wait().business_seconds == 0
    assert story.wait().flags == ("off_hours",)


def test_opening_moment_is_in_hours(story):
    """An answer at the very opening has waited no business time, in hours."""
    story.inbound("08:00").outbound("09:00")

    assert story.wait().business_seconds == 0
    assert story.wait().flags == ()


def test_each_mailbox_is_open_in_its_own_zone(story):
    """Nine o'clock in New York is 14:00 UTC in winter."""
    story.workspace.schedules = [schedule(), schedule(zone="America/New_York", scope="mailbox", scope_id=BEN)]
    story.inbound("13:00").outbound("15:00")
    story.inbound("13:00", "eve@other.com", to=BEN, replies=None).outbound("15:00", BEN, to="eve@other.com")

    assert sorted(wait.business_seconds for wait in story.waits()) == [3600, 7200]


def test_leave_holidays_and_days_off_do_not_count(story):
    """Leave of the owner, a day off and a public holiday are no business time."""
    story.workspace.schedules = [schedule(country="US", days_off=(DayOff(TUESDAY, "closed"),))]
    story.workspace.leaves = [Leave(ADA, date(2026, 3, 4), date(2026, 3, 5))]
    story.inbound("16:00").day(4).outbound("10:00")

    assert story.wait().business_seconds == 2 * 3600


def test_shared_mailbox_has_the_union_of_its_members(story):
    """A shared mailbox is open while any of its members is, less each one's leave."""
    story.mailbox(SALES, members=(ADA, BEN))
    story.workspace.schedules = [
        schedule("mon-fri 09:00-12:00", scope="mailbox", scope_id=ADA),
        schedule("mon-fri 11:00-15:00", scope="mailbox", scope_id=BEN),
    ]
    story.workspace.leaves = [Leave(BEN, TUESDAY, TUESDAY)]
    story.inbound("08:00", to=SALES).day(1).outbound("20:00", sent=(ADA,))

    assert story.wait().business_seconds == (6 + 3) * 3600


def test_new_schedule_counts_from_its_day(story):
    """A schedule is in force from its first local day on."""
    story.workspace.schedules = [schedule(), schedule("24/7", from_day=TUESDAY)]
    story.inbound("16:00").day(1).outbound("09:00")

    assert story.wait().business_seconds == 10 * 3600


@pytest.mark.parametrize(
    ("synced", "stands"),
    [("09:47:59", "open"), ("09:48", "due_soon"), ("10:00", "due_soon"), ("10:00:01", "overdue")],
)
def test_goal_is_used_up(story, synced, stands):
    """A wait is due soon from 80 % of its goal on, and overdue past it."""
    story.workspace.goals = [goal(3600)]
    story.mailbox(ADA, synced_at=f"2026-03-02 {synced}").inbound("09:00")

    assert story.wait().stands == stands


def test_goal_of_the_person_goes_before_that_of_the_mailbox_and_the_team(story):
    """The goal is the person's, else the mailbox's, else the team's, else the workspace's."""
    story.workspace.stays = [Membership(ADA, "east"), Membership(BEN, "east")]
    story.workspace.goals = [
        goal(60, scope="mailbox", scope_id=ADA),
        goal(9 * 3600, scope="person", scope_id=ADA),
        goal(60, scope="team", scope_id="east"),
    ]
    story.mailbox(ADA, synced_at="10:00").mailbox(BEN, synced_at="10:00")
    story.inbound("09:00").inbound("09:00", "eve@other.com", to=BEN, replies=None)

    assert [wait.stands for wait in story.waits()] == ["open", "overdue"]


def test_earlier_team_counts_again_when_a_later_stay_ends(story):
    """Who was lent to another team for a day is in the own team again after it."""
    story.workspace.stays = [Membership(ADA, "east"), Membership(ADA, "west", TUESDAY, TUESDAY)]
    for day in range(3):
        story.day(day).inbound("09:00", f"bob@client{day}.com", replies=None)

    assert [wait.team_id for wait in story.waits()] == ["east", "west", "east"]


def test_sent_message_counts_in_the_mailbox_that_sent_it(story):
    """A message of ours is counted where its sent copy lies, whoever else of us received it."""
    story.outbound("09:00", cc=(BEN,))

    assert list(story.derived().volumes) == [(date(2026, 3, 2), 9, 1, ADA, None, ADA, "outbound")]


def test_mailbox_named_in_cc_goes_before_one_that_is_not_named(story):
    """A message is for the mailbox it names in Cc, though one that it does not name held it earlier."""
    story.inbound("09:00", to="x@else.com", cc=ADA, held=(BEN,)).also(ADA, copied_at="09:01")

    assert story.wait().mailbox == ADA


def test_first_named_in_bcc_is_the_addressee(story):
    """Of two mailboxes in Bcc a message is for the first, though the other held it earlier."""
    story.inbound("09:00", to="x@else.com", bcc=(BEN, ADA), held=(ADA,)).also(BEN, copied_at="09:01")

    assert story.wait().mailbox == BEN
