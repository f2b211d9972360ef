"""How fast, and how reliably: the headline figures of the chosen waits, and of those of the days before."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from emailresponse.filter import Filter, previous
from emailresponse.proportion import wilson
from emailresponse.reports.counts import Kind, counted, handoff_median, times
from emailresponse.reports.figures import ClassGoal, Quantile, StaleMailbox, Summary, Within
from emailresponse.reports.question import STALE_AFTER, Question, horizons, question, same_seconds
from emailresponse.store import Store
from emailresponse.survival import Estimate, estimate

WITHIN = ((300, "5 min"), (600, "10 min"), (3600, "1 h"), (21600, "6 h"), (86400, "24 h"))
"""The times whose share is read off the curve."""


def summary(store: Store, asked: Filter) -> Summary:
    """Return the headline figures; None wherever there is no data."""
    return _summaries(store, question(store, asked))[0]


def compared(store: Store, asked: Filter) -> tuple[Summary, Summary | None]:
    """Return the headline figures and those of as many days just before; None where days are open-ended."""
    return _summaries(store, question(store, asked, previous(asked)))


def _summaries(store: Store, put: Question) -> tuple[Summary, Summary | None]:
    kinds = store.measures("report/counts", Kind, asked=put.parameters)
    horizon = horizon_seconds(store, put)
    known = horizons(store, put)

    def one(goals: tuple[ClassGoal, ...], *, is_before: bool) -> Summary:
        return _summary(put, goals, [kind for kind in kinds if kind.is_before == is_before], horizon, known)

    return one(put.goals, is_before=False), one(put.goals_before, is_before=True) if put.before else None


def _summary(
    put: Question,
    goals: tuple[ClassGoal, ...],
    kinds: Sequence[Kind],
    horizon: float | None,
    known: Sequence[StaleMailbox],
) -> Summary:
    counts = counted(kinds)
    at, ended, waiting = times(kinds)
    curve = estimate(at, ended, waiting)
    share, low, high = wilson(counts["met"], counts["judged"])
    hidden = counts["dismissed"] + counts["by_hand"]
    hidden_share = _part(hidden, counts["n"] + hidden)
    as_of_at = max((mailbox.as_of_at for mailbox in known), default=None)
    mean, median = _answered_only(at, ended)
    return Summary(
        **{name: value for name, value in counts.items() if name != "chased"},
        share=share,
        share_low=low,
        share_high=high,
        goal_seconds=same_seconds(goals),
        goals=goals,
        clock=put.asked.clock,
        median=quantile(curve, 0.5),
        p90=quantile(curve, 0.1),
        restricted_mean_seconds=curve.restricted_mean(horizon) if horizon else None,
        horizon_seconds=horizon,
        within=tuple(Within(seconds, label, _ended(curve, seconds)) for seconds, label in WITHIN),
        chaser_rate=_part(counts["chased"], counts["n"]),
        handoff_median_seconds=handoff_median(kinds),
        hidden_share=hidden_share,
        is_hidden_high=is_high(put, hidden_share),
        off_hours_share=_part(counts["off_hours"], counts["answered"]),
        as_of_at=as_of_at,
        stale=tuple(box for box in known if as_of_at and as_of_at - box.as_of_at > STALE_AFTER),
        answered_only_mean_seconds=mean,
        answered_only_median_seconds=median,
    )


def quantile(curve: Estimate, share: float) -> Quantile:
    """Return when at most a share still wait, with its band."""
    seconds, low, high = curve.quantile(share)
    beyond = float(curve.times[-1]) if curve.times.size else None
    if seconds is None:
        return Quantile(None, low, None, is_reached=False, beyond_seconds=beyond)
    return Quantile(seconds, low, high, is_reached=True, beyond_seconds=beyond)


def horizon_seconds(store: Store, put: Question) -> float | None:
    """Return the horizon of the restricted mean on the asked clock; None where no opening period is known.

    Calendar clock: so many days of 24 hours (setting `restricted_mean_business_days`, 5). Business clock: so
    many mean working days, a mean working day being the opening time of the asked mailboxes' calendars
    divided by their local days with an opening.
    """
    days = put.rules.restricted_mean_business_days
    if put.asked.clock == "calendar":
        return days * 86400.0
    mean = store.value("report/working_day", zone=put.zone, **put.scope)
    return None if mean is None else days * float(mean)


def is_high(put: Question, hidden_share: float | None) -> bool:
    """Return whether a share of dismissed and closed-by-hand waits has to be shown beside the name."""
    return hidden_share is not None and hidden_share > put.rules.hidden_share_warning


def _part(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def _ended(curve: Estimate, seconds: int) -> float | None:
    waiting = curve.at(seconds)
    return None if waiting is None else 1.0 - waiting


def _answered_only(times: np.ndarray, ended: np.ndarray) -> tuple[float | None, float | None]:
    """Return mean and median of the answered waits alone, which flatter: for exports only."""
    total = int(ended.sum())
    if not total:
        return None, None
    running = np.cumsum(ended)
    lower = times[int(np.searchsorted(running, (total + 1) // 2))]
    upper = times[int(np.searchsorted(running, total // 2 + 1))]
    return float((times * ended).sum() / total), float((lower + upper) / 2)
