"""How fast, and how reliably: the headline figures of the chosen waits."""

from __future__ import annotations

import numpy as np

from emailresponse import settings
from emailresponse.filter import Filter
from emailresponse.proportion import wilson
from emailresponse.reports.figures import Quantile, Summary, Within
from emailresponse.reports.question import STALE_AFTER, Question, horizons, question
from emailresponse.store import Store
from emailresponse.survival import Estimate, estimate

WITHIN = ((300, "5 min"), (600, "10 min"), (3600, "1 h"), (21600, "6 h"), (86400, "24 h"))
"""The times whose share is read off the curve."""


def summary(store: Store, asked: Filter) -> Summary:
    """Return the headline figures; None wherever there is no data."""
    put = question(store, asked)
    names = Summary.__dataclass_fields__
    counts = dict(zip(COUNTS, store.tuples("report/counts")[0], strict=True))
    times, ended, censored = durations(store)
    curve = estimate(times, ended, censored)
    share, low, high = wilson(counts["met"], counts["judged"])
    hidden = counts["dismissed"] + counts["by_hand"]
    hidden_share = _part(hidden, counts["n"] + hidden)
    horizon = horizon_seconds(store, put)
    known = horizons(store, put)
    as_of_at = max((mailbox.as_of_at for mailbox in known), default=None)
    mean, median = _answered_only(times, ended)
    return Summary(
        **{name: value for name, value in counts.items() if name in names},
        share=share,
        share_low=low,
        share_high=high,
        goal_seconds=put.goal_seconds,
        goals=put.goals,
        clock=asked.clock,
        median=quantile(curve, 0.5),
        p90=quantile(curve, 0.1),
        restricted_mean_seconds=curve.restricted_mean(horizon) if horizon else None,
        horizon_seconds=horizon,
        within=tuple(Within(seconds, label, _ended(curve, seconds)) for seconds, label in WITHIN),
        chaser_rate=_part(counts["chased"], counts["n"]),
        hidden_share=hidden_share,
        is_hidden_high=is_high(store, hidden_share),
        off_hours_share=_part(counts["off_hours"], counts["answered"]),
        as_of_at=as_of_at,
        stale=tuple(box for box in known if as_of_at and as_of_at - box.as_of_at > STALE_AFTER),
        answered_only_mean_seconds=mean,
        answered_only_median_seconds=median,
    )


COUNTS = (
    "n",
    "open_count",
    "answered",
    "judged",
    "met",
    "chased",
    "handoffs",
    "handoff_median_seconds",
    "unanswered",
    "lapsed",
    "superseded",
    "late",
    "dismissed",
    "by_hand",
    "off_hours",
    "skewed",
    "inferred",
)
"""The columns of report/counts.sql."""


def durations(store: Store) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the distinct times in seconds with how many waits ended and how many were censored at each."""
    found = store.arrays("report/durations")
    return np.asarray(found["us"]) / 1e6, np.asarray(found["ended"]), np.asarray(found["censored"])


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
    days = settings.load(store).restricted_mean_business_days
    if put.asked.clock == "calendar":
        return days * 86400.0
    mean = store.value("report/working_day", zone=put.zone, **put.scope)
    return None if mean is None else days * float(mean)


def is_high(store: Store, hidden_share: float | None) -> bool:
    """Return whether a share of dismissed and closed-by-hand waits has to be shown beside the name."""
    return hidden_share is not None and hidden_share > settings.load(store).hidden_share_warning


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
