"""How this workspace measures: its running configuration as data, for the methodology page."""

from __future__ import annotations

from collections.abc import Iterable

from emailresponse import addresses, domains, goals, hours, schedules, senders, settings
from emailresponse import people as persons
from emailresponse import teams as groups_of_people
from emailresponse.filter import CLASSES as WAIT_CLASSES
from emailresponse.reports import rules
from emailresponse.reports.figures import GoalLine, Meaning, Methodology, ScheduleLine, Setting, StaleMailbox
from emailresponse.reports.question import zone
from emailresponse.schedules import Schedule
from emailresponse.store import Store


def methodology(store: Store) -> Methodology:
    """Return the settings, goals, schedules, rules and words that every figure follows now."""
    return Methodology(
        zone=zone(store),
        settings=tuple(
            Setting(name, value, settings.declared()[name].default, settings.meanings()[name])
            for name, value in settings.values(store).items()
            if name in settings.decisive()
        ),
        goals=tuple(_goals(store)),
        schedules=tuple(_schedules(store)),
        classes=_meanings(rules.CLASSES.items()),
        states=_meanings(rules.STATES.items()),
        flags=_meanings(rules.FLAGS.items()),
        rules=_meanings(rules.RULES.items()),
        statistics=_meanings(rules.STATISTICS),
        internal_domains=tuple(
            f"*.{one.domain}" if one.has_subdomains else one.domain for one in domains.listed(store)
        ),
        groups=tuple(one.address for one in domains.groups(store)),
        form_senders=tuple(one.address for one in senders.forms(store)),
        dismissed_senders=_meanings((one.pattern, one.reason) for one in senders.dismissed(store)),
        people=len(persons.listed(store)),
        teams=len(groups_of_people.listed(store)),
        mailboxes=tuple(
            StaleMailbox(*row) for row in store.tuples("report/horizons", teams=None, mailboxes=None)
        ),
        free_mail_version=addresses.FREE_MAIL_VERSION,
    )


def _goals(store: Store) -> Iterable[GoalLine]:
    stored = goals.listed(store)
    covered = {one.wait_class for one in stored if one.scope == "workspace"}
    for one in [*(goals.default(name) for name in WAIT_CLASSES if name not in covered), *stored]:
        yield GoalLine(
            f"{one.scope} {one.scope_id}".rstrip(),
            one.wait_class,
            one.seconds,
            one.clock,
            one.share,
            one.from_day,
            one.until_day,
            is_default=not one.goal_id,
        )


def _schedules(store: Store) -> Iterable[ScheduleLine]:
    stored = schedules.listed(store)
    if not any(one.scope == "workspace" for one in stored):
        yield _schedule(schedules.default(zone(store)))
    for one in stored:
        yield _schedule(one)


def _schedule(one: Schedule) -> ScheduleLine:
    return ScheduleLine(
        schedules.subject(one),
        one.zone,
        hours.text(one.hours),
        one.country,
        one.region,
        len(one.days_off),
        one.from_day,
        one.until_day,
        is_default=not one.schedule_id,
    )


def _meanings(pairs: Iterable[tuple[str, str]]) -> tuple[Meaning, ...]:
    return tuple(Meaning(word, " ".join(meaning.split())) for word, meaning in pairs)
