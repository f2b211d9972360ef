"""Sections 2 and 3: what opens a wait, its class, its chasers, what closes it and who is credited."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from tests.oracle.identity import Message
from tests.oracle.verdicts import BULK, CATEGORIES, decisions
from tests.oracle.workspace import Override, Workspace

LEADS = {"lead_new", "lead_known"}


@dataclass
class Wait:
    """One company waiting for us in one segment."""

    opened_by: str
    opened_at: datetime
    lane: str
    company: str
    contact: str
    conversation: str
    segment: int
    mailbox: str
    is_form: bool
    klass: str = ""
    is_after_answer: bool = False
    members: list[str] = field(default_factory=list)
    latest_inbound: datetime | None = None
    pending: tuple[datetime, int, str, str | None, str | None] | None = None
    closed_by: str | None = None
    closed_at: datetime | None = None
    close_kind: str | None = None
    credit: str | None = None
    is_late: bool = False
    is_skewed: bool = False
    superseded_at: datetime | None = None
    superseded_by: str | None = None
    handoff_by: str | None = None
    handoff_at: datetime | None = None
    dismissed_kind: str | None = None
    assigned_to: str | None = None
    addressees: tuple[str, ...] = ()

    @property
    def chasers(self) -> int:
        """Return how many further messages asked again."""
        return len(self.members) - 1


@dataclass
class Sweep:
    """Everything the sweep reads, so that each step takes one argument."""

    workspace: Workspace
    messages: Mapping[str, Message]
    verdicts: Mapping[str, tuple[str, str | None]]
    lines: Mapping[str, list[str]]
    segment: Mapping[str, int | None]

    def at(self, key: str) -> datetime:
        """Return the time of a message that has one."""
        found = self.messages[key].at
        assert found is not None
        return found

    def is_qualifying(self, key: str) -> bool:
        """Say whether an inbound message may open a wait."""
        message = self.messages[key]
        if message.direction != "inbound" or self.verdicts[key][0] != "human" or message.at is None:
            return False
        mailbox = self.workspace.mailboxes.get(message.mailbox)
        return mailbox is None or mailbox.backfill_from is None or message.at >= mailbox.backfill_from

    def is_reply(self, key: str) -> bool:
        """Say whether one of ours went to somebody outside and is no automatic mail."""
        message = self.messages[key]
        return message.direction == "outbound" and self.verdicts[key][0] == "human" and message.at is not None

    def companies(self, key: str) -> set[str]:
        """Return the companies that an outbound message addresses."""
        message = self.messages[key]
        outside = {*message.to, *message.cc, *message.bcc}
        return {self.workspace.company(one) for one in outside if not self.workspace.is_internal(one)}

    def contact(self, key: str) -> str:
        """Return who wrote an inbound message: the author, or a form's lead."""
        message = self.messages[key]
        found = message.lead or message.author
        assert found is not None
        return found

    def lane(self, key: str) -> str:
        """Return `cc` where a tracked address stands in Cc and none in To or Bcc, else `main`."""
        message = self.messages[key]
        tracked = self.workspace.is_tracked
        if any(map(tracked, message.cc)) and not any(map(tracked, (*message.to, *message.bcc))):
            return "cc"
        return "main"


def waits(sweep: Sweep) -> list[Wait]:
    """Return every wait, closed or not."""
    found: list[Wait] = []
    for conversation, line in sweep.lines.items():
        of_conversation: list[Wait] = []
        numbers = sorted({sweep.segment[key] for key in line if sweep.segment[key] is not None})
        for number in numbers:
            part = [key for key in line if sweep.segment[key] == number]
            before = list(of_conversation)
            companies = {
                sweep.workspace.company(sweep.contact(key)) for key in part if sweep.is_qualifying(key)
            }
            calls = {company: _calls(sweep, company, part) for company in sorted(companies)}
            for company, called in calls.items():
                of_conversation += _walk(sweep, conversation, number, company, part, called)
            for key in part:
                if sweep.is_reply(key):
                    _answer_earlier(sweep, key, before)
                for company, called in calls.items():
                    for call in called.get(key, ()):
                        _call_earlier(call, [wait for wait in before if wait.company == company])
        for wait in of_conversation:
            _finish(wait)
        found += of_conversation
    for wait in found:
        _describe(sweep, wait)
    return found


def _calls(sweep: Sweep, company: str, part: list[str]) -> dict[str, list[Override]]:
    """Return the calls that answer a company in a segment, by the last of its messages before each."""
    found: dict[str, list[Override]] = defaultdict(list)
    asked = [
        key
        for key in part
        if sweep.is_qualifying(key) and sweep.workspace.company(sweep.contact(key)) == company
    ]
    between_us = [
        key for key in part if key in asked or (sweep.is_reply(key) and company in sweep.companies(key))
    ]
    for key in asked:
        copies = _copies(sweep, [key])
        for override in decisions(sweep.workspace):
            is_its = (override.mailbox, override.provider_id) in copies
            if is_its and override.kind == "call" and override.effective_at >= sweep.at(key):
                found[[one for one in between_us if sweep.at(one) <= override.effective_at][-1]].append(
                    override
                )
    for calls in found.values():
        calls.sort(key=lambda one: one.effective_at)
    return found


def _walk(  # noqa: C901, PLR0912  one walk reads better than its parts
    sweep: Sweep,
    conversation: str,
    number: int,
    company: str,
    part: list[str],
    calls: Mapping[str, list[Override]],
) -> list[Wait]:
    """Return the waits of one company in one segment, walking its messages in order."""
    found: list[Wait] = []
    current: dict[str, Wait | None] = {"main": None, "cc": None}
    has_answer = False
    has_outbound = False
    for key in part:
        message = sweep.messages[key]
        at = message.at
        if at is None:
            continue
        if sweep.is_qualifying(key) and sweep.workspace.company(sweep.contact(key)) == company:
            lane = sweep.lane(key)
            for other in current.values():
                if other is not None and other.pending is not None and other.pending[0] < at:
                    has_answer = has_answer or other.pending[2] == "inferred"
            wait = current[lane]
            if wait is not None and wait.pending is not None and wait.pending[0] < at:
                _finish(wait)
                wait = current[lane] = None
            if wait is not None and wait.closed_at is None and _is_superseding(sweep, wait, at):
                wait.superseded_at, wait.superseded_by = at, key
                wait = None
            if wait is None or wait.closed_at is not None:
                wait = Wait(
                    opened_by=key,
                    opened_at=at,
                    lane=lane,
                    company=company,
                    contact=sweep.contact(key),
                    conversation=conversation,
                    segment=number,
                    mailbox=message.mailbox,
                    is_form=message.lead is not None,
                    is_after_answer=has_answer or has_outbound,
                )
                is_first = not any(earlier.lane == "main" for earlier in found)
                wait.klass = _class(sweep, wait, is_first=is_first, has_outbound=has_outbound)
                found.append(wait)
                current[lane] = wait
            wait.members.append(key)
            wait.latest_inbound = at
            _expect(sweep, wait, key)
        elif sweep.is_reply(key) and company in sweep.companies(key):
            has_outbound = True
            for open_wait in current.values():
                if open_wait is not None and open_wait.closed_at is None:
                    if open_wait.pending is not None and open_wait.pending[0] < at:
                        has_answer = has_answer or open_wait.pending[2] == "inferred"
                        _finish(open_wait)
                    else:
                        _close(sweep, open_wait, key)
            current = {"main": None, "cc": None}
        for call in calls.get(key, ()):
            for open_wait in current.values():
                if open_wait is not None and open_wait.closed_at is None:
                    if open_wait.pending is not None and open_wait.pending[0] < call.effective_at:
                        _finish(open_wait)
                    else:
                        _close_by_call(open_wait, call)
            has_answer = True
            current = {"main": None, "cc": None}
    return found


def _class(sweep: Sweep, wait: Wait, *, is_first: bool, has_outbound: bool) -> str:
    if wait.lane == "cc":
        return "cc_only"
    if not is_first:
        return "follow_up"
    if has_outbound:
        return "prospect_reply"
    since = wait.opened_at - sweep.workspace.known
    line = sweep.lines[wait.conversation]
    # A reply is after what it names, whatever its clock says.
    after = set(line[line.index(wait.opened_by) :])
    for key, message in sweep.messages.items():
        if key not in after and sweep.is_reply(key) and wait.company in sweep.companies(key):
            assert message.at is not None
            if since <= message.at < wait.opened_at:
                return "lead_known"
    return "lead_new"


def _is_superseding(sweep: Sweep, wait: Wait, at: datetime) -> bool:
    assert wait.latest_inbound is not None
    gap = at - wait.latest_inbound
    return wait.klass == "follow_up" and wait.is_after_answer and gap >= sweep.workspace.burst


def _expect(sweep: Sweep, wait: Wait, key: str) -> None:
    """Note the earliest closing by hand or inferred reply, to end the wait if nothing else does."""
    message = sweep.messages[key]
    copies = {(held.copy.mailbox, held.copy.provider_id) for held in message.held}
    candidates = [] if wait.pending is None else [wait.pending]
    standing = []
    for override in decisions(sweep.workspace):
        is_its = (override.mailbox, override.provider_id) in copies
        is_end = override.kind == "by_hand"
        if is_its and is_end and message.at and override.effective_at >= message.at:
            standing.append(override)
    candidates += [(one.effective_at, 3, one.kind, None, one.person) for one in standing]
    if key == wait.opened_by and wait.klass in LEADS:
        candidates += _inferred(sweep, wait)
    wait.pending = min(candidates, key=lambda one: (*one[:2], one[3] or "")) if candidates else None


def _inferred(sweep: Sweep, wait: Wait) -> list[tuple[datetime, int, str, str | None, str | None]]:
    found = []
    for conversation, line in sweep.lines.items():
        first = line[0]
        message = sweep.messages[first]
        recipients = {*message.to, *message.cc, *message.bcc}
        outside = {one for one in recipients if not sweep.workspace.is_internal(one)}
        if (
            conversation != wait.conversation
            and sweep.is_reply(first)
            and wait.contact in recipients
            and len(outside) <= 3
            and not message.marks() & BULK
            and not any(set(held.labels) & CATEGORIES for held in message.held)
            and message.at is not None
            and timedelta(0) < message.at - wait.opened_at <= sweep.workspace.inferred
        ):
            found.append((message.at, 2, "inferred", first, message.credit))
    return found


def _close(sweep: Sweep, wait: Wait, key: str) -> None:
    message = sweep.messages[key]
    wait.pending = None
    wait.closed_by, wait.closed_at, wait.close_kind = key, message.at, "reply"
    wait.credit = message.credit


def _close_by_call(wait: Wait, call: Override) -> None:
    wait.pending = None
    wait.closed_by, wait.closed_at, wait.close_kind = None, call.effective_at, "call"
    wait.credit = call.person


def _call_earlier(call: Override, earlier: list[Wait]) -> None:
    """Close what earlier segments left open to the company of a call, as late."""
    for wait in earlier:
        is_open = wait.closed_at is None and wait.superseded_at is None
        if is_open and (wait.pending is None or wait.pending[0] >= call.effective_at):
            _close_by_call(wait, call)
            wait.is_late = True


def _finish(wait: Wait) -> None:
    """Close a wait by what was noted, unless a reply or a successor came first."""
    if wait.pending is None or wait.closed_at is not None or wait.superseded_at is not None:
        return
    wait.closed_at, _, wait.close_kind, wait.closed_by, wait.credit = wait.pending


def _answer_earlier(sweep: Sweep, key: str, earlier: list[Wait]) -> None:
    """Close what earlier segments left open to the companies of a reply, as late."""
    at = sweep.messages[key].at
    assert at is not None
    for wait in earlier:
        if wait.company not in sweep.companies(key) or wait.superseded_at is not None:
            continue
        if wait.closed_at is None and (wait.pending is None or wait.pending[0] >= at):
            _close(sweep, wait, key)
            wait.is_late = True


def _describe(sweep: Sweep, wait: Wait) -> None:
    """Fill in what does not steer the sweep: lateness, skew, hand-off, dismissal, addressees."""
    if wait.closed_at is not None:
        wait.is_late = wait.is_late or (
            wait.close_kind != "by_hand" and wait.closed_at - wait.opened_at >= sweep.workspace.lapse
        )
        early = (wait.closed_at - wait.opened_at).total_seconds() < -120
        wait.is_skewed = early and wait.close_kind != "by_hand"
    _hand_off(sweep, wait)
    wait.dismissed_kind = _dismissed(sweep, wait)
    wait.assigned_to = _assigned(sweep, wait)
    wait.addressees = _addressees(sweep, wait)


def _hand_off(sweep: Sweep, wait: Wait) -> None:
    line = sweep.lines[wait.conversation]
    for key in line[line.index(wait.opened_by) + 1 :]:
        message = sweep.messages[key]
        if key in {wait.closed_by, wait.superseded_by} or sweep.segment[key] not in {wait.segment, None}:
            return
        if message.at is None or message.direction != "internal" or sweep.verdicts[key][0] != "human":
            continue
        if not (*message.to, *message.cc, *message.bcc):
            continue
        if wait.close_kind in {"call", "by_hand", "inferred"} and message.at >= (
            wait.closed_at or message.at
        ):
            continue
        wait.handoff_by, wait.handoff_at = key, message.at
        return


def _copies(sweep: Sweep, keys: list[str]) -> set[tuple[str, str]]:
    return {(held.copy.mailbox, held.copy.provider_id) for key in keys for held in sweep.messages[key].held}


def _dismissed(sweep: Sweep, wait: Wait) -> str | None:
    copies = _copies(sweep, wait.members)
    moments = [
        override.effective_at
        for override in decisions(sweep.workspace)
        if (override.mailbox, override.provider_id) in copies and override.kind == "dismiss"
    ]
    chased = [sweep.messages[key].at for key in wait.members[1:]]
    if moments and not any(at is not None and at > max(moments) for at in chased):
        return "hand"
    patterns = sweep.workspace.dismissed_senders
    contacts = [sweep.contact(key) for key in wait.members]
    if all(contact in patterns or contact.rpartition("@")[2] in patterns for contact in contacts):
        return "rule"
    labels = [
        set(held.labels) for key in wait.members for held in sweep.messages[key].held if not held.is_sent
    ]
    if labels and all({"TRASH", "SPAM"} & its for its in labels):
        return "trashed" if any("TRASH" in its for its in labels) else "spam"
    return None


def _assigned(sweep: Sweep, wait: Wait) -> str | None:
    copies = _copies(sweep, wait.members)
    assigned = None
    for override in decisions(sweep.workspace):
        if (override.mailbox, override.provider_id) in copies and override.kind == "assign":
            assigned = override.person
    return assigned


def _addressees(sweep: Sweep, wait: Wait) -> tuple[str, ...]:
    message = sweep.messages[wait.opened_by]
    workspace = sweep.workspace
    named = {person for one in message.to if (person := workspace.person_of(one))}
    if not named and not any(map(workspace.is_tracked, (*message.to, *message.cc, *message.bcc))):
        owners = {
            workspace.mailboxes[held.copy.mailbox].owner
            for held in message.held
            if not held.is_sent and held.copy.mailbox in workspace.mailboxes
        }
        named = {owner for owner in owners if owner}
    if not named:
        others = {
            person for one in (*message.bcc, *message.delivered) if (person := workspace.person_of(one))
        }
        named = others if len(others) == 1 else set()
    return tuple(sorted(named))
