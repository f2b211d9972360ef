"""What the reports answer with: frozen records, None where there is no data.

Times are seconds on the asked clock, moments naive UTC, shares in [0, 1]. An absent figure is None and
never 0; the pages and commands say "no data". However long, this module is one noun: the answer.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class Quantile:
    """A time by which a share of the waits was answered, with its 95 % band.

    Attributes:
        seconds: the time; None where the curve never falls that far, or there are no waits.
        low: lower end of the band; None where there is none.
        high: upper end of the band; None where it is never reached.
        is_reached: the curve falls that far.
        beyond_seconds: the longest time seen, for "> X" where it is not reached; None without waits.
    """

    seconds: float | None
    low: float | None
    high: float | None
    is_reached: bool
    beyond_seconds: float | None


@dataclass(frozen=True, slots=True)
class Share:
    """A part of a whole with its 95 % interval (Wilson); share, low and high are None where n is 0."""

    met: int
    n: int
    share: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Within:
    """The share answered within a time, read off the curve; None without waits."""

    seconds: int
    label: str
    share: float | None


@dataclass(frozen=True, slots=True)
class ClassGoal:
    """The goal a class is judged by. Source: `asked`, `workspace` or `default`; clock is the asked one.

    `set_clock` is the clock the goal was set on: where it is not the asked one, the same seconds are read
    on the asked clock, and the page says so.
    """

    class_: str
    seconds: int
    clock: str
    set_clock: str
    share: float | None
    source: str


@dataclass(frozen=True, slots=True)
class StaleMailbox:
    """A mailbox known only up to a day or more before the latest one."""

    mailbox: str
    as_of_at: datetime


@dataclass(frozen=True, slots=True)
class Summary:
    """How fast, and how reliably, the chosen waits were answered.

    Attributes:
        n: waits in the denominators (without dismissed and closed by hand).
        open_count: of them, nobody has answered yet (open, due soon, overdue).
        answered: of them, answered, late ones too.
        judged: of them, opened at least the goal ago on their clock; skewed ones are not judged.
        met: judged and answered within the goal, not late.
        share: met / judged; None where nothing is judged. share_low, share_high: Wilson 95 %.
        goal_seconds: the goal, where all asked classes have the same; else None (see goals).
        goals: the goal of each asked class and where it comes from.
        clock: the asked clock.
        median: Kaplan-Meier median with band; p90: the same for 90 %.
        restricted_mean_seconds: mean time waited up to horizon_seconds; None without waits.
        horizon_seconds: five days on the clock (business: five mean working days); None where the clock
            has no opening periods.
        within: share answered within 5 min, 10 min, 1 h, 6 h, 24 h, off the curve.
        chaser_rate: share of waits with a chaser; None without waits.
        handoffs: waits handed to a colleague; handoff_median_seconds: median time to the hand-off.
        unanswered: waits nobody has answered (open, lapsed, superseded).
        lapsed, superseded, late: waits in that state, or so flagged.
        dismissed, by_hand: waits out of the denominators, counted in sight.
        hidden_share: (dismissed + by hand) of all; None without waits.
        is_hidden_high: that share is above 15 % (setting).
        off_hours: waits with both ends out of hours and 0 s; off_hours_share: their share of answered ones.
        skewed: waits whose reply came before the receipt, left out of times.
        inferred: waits closed by an inferred reply.
        as_of_at: how far the asked mailboxes are known; None without mailboxes.
        stale: mailboxes a day or more behind as_of_at.
        answered_only_mean_seconds, answered_only_median_seconds: for exports only.
    """

    n: int
    open_count: int
    answered: int
    judged: int
    met: int
    share: float | None
    share_low: float | None
    share_high: float | None
    goal_seconds: int | None
    goals: tuple[ClassGoal, ...]
    clock: str
    median: Quantile
    p90: Quantile
    restricted_mean_seconds: float | None
    horizon_seconds: float | None
    within: tuple[Within, ...]
    chaser_rate: float | None
    handoffs: int
    handoff_median_seconds: float | None
    unanswered: int
    lapsed: int
    superseded: int
    late: int
    dismissed: int
    by_hand: int
    hidden_share: float | None
    is_hidden_high: bool
    off_hours: int
    off_hours_share: float | None
    skewed: int
    inferred: int
    as_of_at: datetime | None
    stale: tuple[StaleMailbox, ...]
    answered_only_mean_seconds: float | None
    answered_only_median_seconds: float | None


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table: the figures of a person, company, contact, team, class or period.

    Attributes:
        key: id of what the line is about (person id, domain, address, ISO day); empty where nobody is.
        name: what a person calls it.
        detail: teams of a person; else empty.
        start: first local day of a period; else None.
        n, open_count, answered, judged, met, share, share_low, share_high, median, p90, hidden,
        hidden_share, is_hidden_high: as in `Summary`; hidden = dismissed + by hand.
    """

    key: str
    name: str
    detail: str
    start: date | None
    n: int
    open_count: int
    answered: int
    judged: int
    met: int
    share: float | None
    share_low: float | None
    share_high: float | None
    median: Quantile
    p90: Quantile
    hidden: int
    hidden_share: float | None
    is_hidden_high: bool


@dataclass(frozen=True, slots=True)
class Curve:
    """The Kaplan-Meier curve: share still waiting after each time, with its band; starts at (0, 1).

    `low` and `high` are None where there is no band (where nobody waits any more, and before the first
    answer). Drawn with few points however many waits there are.
    """

    times: tuple[float, ...]
    survival: tuple[float, ...]
    low: tuple[float | None, ...]
    high: tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class Bin:
    """Waits whose time lies in [low, high): answered after it, or not answered when last known."""

    low_seconds: int
    high_seconds: int | None
    label: str
    answered: int
    open: int


@dataclass(frozen=True, slots=True)
class Cell:
    """One hour of the week: inbound messages an hour, and within goal of the waits that opened in it.

    Attributes:
        weekday: 1 (Monday) to 7; hour: 0 to 23, local.
        messages: inbound human messages; hours: how often this hour occurred in the range.
        per_hour: messages / hours; None where it never occurred.
        n: judged waits opened in it; share: within goal; None where n is 0.
    """

    weekday: int
    hour: int
    messages: int
    hours: int
    per_hour: float | None
    n: int
    met: int
    share: float | None


@dataclass(frozen=True, slots=True)
class VolumeDay:
    """Messages of one local day."""

    day: date
    sent: int
    received: int
    internal: int
    leads: int


@dataclass(frozen=True, slots=True)
class Volumes:
    """How much was written: human messages and leads, with a line a day."""

    sent: int
    received: int
    internal: int
    leads: int
    unique_contacts: int
    companies: int
    days: tuple[VolumeDay, ...]


@dataclass(frozen=True, slots=True)
class Length:
    """Conversations by number of human messages: how many have so many from either side."""

    messages: int
    conversations: int


@dataclass(frozen=True, slots=True)
class Shape:
    """How long conversations with a chosen wait are: mean and median messages, by side.

    Means and medians are None without conversations. `lengths` counts conversations by messages, the last
    line standing for it and more.
    """

    conversations: int
    mean_inbound: float | None
    mean_outbound: float | None
    median_messages: float | None
    lengths: tuple[Length, ...]


@dataclass(frozen=True, slots=True)
class WaitRow:
    """One wait of a list. Seconds are on the asked clock: to the reply, or so far; None where skewed."""

    wait_id: str
    opened_by: str
    opened_at: datetime
    subject: str | None
    class_: str
    company: str | None
    contact: str | None
    mailbox: str | None
    team_id: str | None
    addressees: tuple[str, ...]
    assigned_to: str | None
    closed_by: str | None
    closed_at: datetime | None
    close_kind: str | None
    credit: str | None
    credit_name: str | None
    chasers: int
    state: str
    seconds: float | None
    calendar_seconds: float | None
    business_seconds: float | None
    goal_seconds: int | None
    goal_clock: str | None
    as_of_at: datetime | None
    flags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WaitPage:
    """Some waits of a list, how many there are in all, and what the next page is asked with (None: last)."""

    waits: tuple[WaitRow, ...]
    total: int
    after: int | None


@dataclass(frozen=True, slots=True)
class TraceMessage:
    """One message of a conversation: who wrote when, what it was taken for, and its part in the wait.

    Attributes:
        role: opener, chaser, closer, handoff in the wait asked about (else of any wait); None without part.
        sentence: why it has, or has not, that part, in a user's words.
        labels: what the provider files it as; mailboxes: which of ours hold a copy.
    """

    message_key: str
    position: int
    segment: int | None
    message_at: datetime | None
    author: str | None
    author_name: str | None
    direction: str
    subject: str | None
    to: tuple[str, ...]
    cc: tuple[str, ...]
    mailboxes: tuple[str, ...]
    verdict: str
    rule: str | None
    role: str | None
    wait_ids: tuple[str, ...]
    sentence: str


@dataclass(frozen=True, slots=True)
class OpeningSpan:
    """One stretch of an opening period that counted for business time; UTC, with its length in seconds."""

    starts_at: datetime
    ends_at: datetime
    seconds: float


@dataclass(frozen=True, slots=True)
class OverrideRow:
    """One decision by hand: what, by whom, why, and about which copy."""

    override_no: int
    message_key: str
    mailbox: str
    kind: str
    decided_at: datetime
    effective_at: datetime
    decided_by: str
    person_id: str | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class TraceWait:
    """One wait of the conversation with the reasons of its figures.

    Attributes:
        sentences: what opened, closed, excluded and credited it, in a user's words, in order.
        spans: the opening periods counted on the business clock (at most 400; the rest is in `more_spans`).
        zone: the schedule's zone of the workspace, for reading the spans.
    """

    wait: WaitRow
    open_rule: str | None
    lane: str
    age_calendar_seconds: float | None
    age_business_seconds: float | None
    sentences: tuple[str, ...]
    spans: tuple[OpeningSpan, ...]
    more_spans: int
    calendar_id: int | None


@dataclass(frozen=True, slots=True)
class Trace:
    """Everything behind one wait, or one message: its conversation in order, its waits, its overrides."""

    asked: str
    conversation: str | None
    subject: str | None
    zone: str
    messages: tuple[TraceMessage, ...]
    waits: tuple[TraceWait, ...]
    overrides: tuple[OverrideRow, ...]


@dataclass(frozen=True, slots=True)
class Benchmark:
    """A published figure, never to be shown without population, statistic and year."""

    figure: str
    statistic: str
    population: str
    year: str
    source: str


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting: its name, its value in force, the default, and what it does."""

    name: str
    value: object
    default: object
    meaning: str


@dataclass(frozen=True, slots=True)
class GoalLine:
    """One goal in words: whose it is, for which class, within what, for which share, from when to when."""

    whose: str
    class_: str
    seconds: int
    clock: str
    share: float
    from_day: date | None
    until_day: date | None
    is_default: bool


@dataclass(frozen=True, slots=True)
class ScheduleLine:
    """One version of a schedule in words; days_off counts those typed in."""

    whose: str
    zone: str
    hours: str
    country: str | None
    region: str | None
    days_off: int
    from_day: date | None
    until_day: date | None
    is_default: bool


@dataclass(frozen=True, slots=True)
class Meaning:
    """A word of this product and what it means."""

    word: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Methodology:
    """How this workspace measures, from its running configuration."""

    zone: str
    settings: tuple[Setting, ...]
    goals: tuple[GoalLine, ...]
    schedules: tuple[ScheduleLine, ...]
    classes: tuple[Meaning, ...]
    states: tuple[Meaning, ...]
    flags: tuple[Meaning, ...]
    rules: tuple[Meaning, ...]
    statistics: tuple[Meaning, ...]
    internal_domains: tuple[str, ...]
    groups: tuple[str, ...]
    form_senders: tuple[str, ...]
    dismissed_senders: tuple[Meaning, ...]
    people: int
    teams: int
    mailboxes: tuple[StaleMailbox, ...]
    free_mail_version: str
