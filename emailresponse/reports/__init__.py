"""One function per question; page, command and export ask the same one.

    summary(store, asked) -> Summary
    compared(store, asked) -> tuple[Summary, Summary|None]  the second: of as many days just before
    previous(asked) -> Filter | None                        the same question about the days before
    trend(store, asked, period) -> list[Row]                period: day, week or month; every one, also empty
    survival(store, asked) -> Curve
    distribution(store, asked) -> list[Bin]
    busiest_hours(store, asked) -> list[Cell]               168 cells, Monday 0 h first; [] without mail
    volumes(store, asked) -> Volumes
    people(store, asked, limit) -> list[Row]                key: person id; most waits first
    teams, companies, contacts, classes, mailboxes(store, asked, limit) -> list[Row]
    conversations_shape(store, asked) -> Shape
    waits(store, asked, *, order, limit, after) -> WaitPage order: longest, oldest, newest, due
    why(store, name) -> Trace                               name: wait id, or message key with or without <>
    methodology(store) -> Methodology
    benchmarks.PUBLISHED                                    tuple[Benchmark, ...]
    is_derived(store) -> bool                               whether there are figures at all
    zone(store) -> str                                      the workspace's zone

Every record is in `emailresponse.reports.figures`.
"""

from emailresponse.filter import previous
from emailresponse.reports import benchmarks
from emailresponse.reports.curve import distribution, survival
from emailresponse.reports.groups import classes, companies, contacts, mailboxes, people, teams, trend
from emailresponse.reports.listing import waits
from emailresponse.reports.methodology import methodology
from emailresponse.reports.question import is_derived, zone
from emailresponse.reports.summary import compared, summary
from emailresponse.reports.trace import why
from emailresponse.reports.traffic import busiest_hours, conversations_shape, volumes

__all__ = [
    "benchmarks",
    "busiest_hours",
    "classes",
    "companies",
    "compared",
    "contacts",
    "conversations_shape",
    "distribution",
    "is_derived",
    "mailboxes",
    "methodology",
    "people",
    "previous",
    "summary",
    "survival",
    "teams",
    "trend",
    "volumes",
    "waits",
    "why",
    "zone",
]
