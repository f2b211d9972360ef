"""Within goal over time: the share with its interval, a point per day, week or month."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import zip_longest
from typing import Any

import altair as alt

from emailresponse.filter import Filter
from emailresponse.reports.figures import Row
from web import wording
from web.charts.chart import VALUES, Chart
from web.charts.theme import Theme


def trend(points: Sequence[Row], asked: Filter) -> Chart:
    """Return the chart of the share within goal by day, week or month of arrival."""
    judged = [point for point in points if point.share is not None]
    values = [_value(point, asked.clock) for point in judged]
    return Chart(
        name="trend",
        title="Within goal over time",
        description=_description(judged),
        columns=("From", "Within goal", "95 % interval", "Median", "Waits"),
        rows=tuple(
            (
                wording.day(point.start),
                wording.share(point.share),
                wording.interval(point.share_low, point.share_high),
                wording.duration(point.median.seconds, asked.clock),
                wording.number(point.n),
            )
            for point in points
        ),
        links=tuple(_links(points, asked)),
        definition=(lambda theme, width: _draw(values, theme, width)) if values else None,
        values=values,
    )


def _links(points: Sequence[Row], asked: Filter) -> Iterator[dict[str, Any]]:
    """Yield the arguments that lead to each period's waits, within the days asked about."""
    starts = [point.start for point in points if point.start]
    for start, following in zip_longest(starts, starts[1:]):
        since = max(start, asked.since or start)
        until = following - timedelta(days=1) if following else asked.until
        yield {"period": "days", "since": since, "until": until}


def _description(judged: Sequence[Row]) -> str:
    if not judged:
        return "No wait of these days can be judged yet."
    first, last = judged[0], judged[-1]
    return (
        f"Share answered within goal, from {wording.share(first.share)} ({wording.day(first.start)}) "
        f"to {wording.share(last.share)} ({wording.day(last.start)})."
    )


def _value(point: Row, clock: str) -> dict[str, Any]:
    return {
        "start": wording.iso(point.start),
        "share": point.share,
        "low": point.share_low,
        "high": point.share_high,
        "From": wording.day(point.start),
        "Within goal": wording.share(point.share),
        "95 % interval": wording.interval(point.share_low, point.share_high),
        "Median": wording.duration(point.median.seconds, clock),
        "Waits": wording.number(point.n),
    }


def _ticks(values: list[dict[str, Any]], most: int) -> list[Any]:
    """Return the beginnings of some periods, evenly apart."""
    step = -(-len(values) // most)
    days = [date.fromisoformat(value["start"]) for value in values[::step]]
    return [alt.DateTime(year=day.year, month=day.month, date=day.day, utc=True) for day in days]


def _draw(values: list[dict[str, Any]], theme: Theme, width: int) -> Any:
    base = alt.Chart(VALUES).encode(
        x=alt.X(
            "start:T",
            title=None,
            scale=alt.Scale(type="utc", nice=False, padding=8),
            axis=alt.Axis(format="%-d %b", values=_ticks(values, 4 if width < 400 else 9), labelFlush=True),
        )
    )
    percent = alt.Y(
        "share:Q",
        title=None,
        scale=alt.Scale(domain=[0, 1]),
        axis=alt.Axis(format=".0%", tickCount=5),
    )
    band = base.mark_area(color=theme.accent, opacity=0.16, interpolate="monotone").encode(
        y=alt.Y("low:Q", title=None, scale=alt.Scale(domain=[0, 1])), y2=alt.Y2("high:Q")
    )
    line = base.mark_line(color=theme.accent, strokeWidth=2.25, interpolate="monotone").encode(y=percent)
    dots = base.mark_circle(
        color=theme.accent, size=42, opacity=1, stroke=theme.surface, strokeWidth=1.5
    ).encode(y=percent)
    hover = base.mark_rule(strokeWidth=max(8, width // (len(values) + 1)), opacity=0).encode(
        tooltip=[
            alt.Tooltip(f"{name}:N") for name in ("From", "Within goal", "95 % interval", "Median", "Waits")
        ]
    )
    return alt.layer(band, line, dots, hover).properties(width=width, height=260 if width > 400 else 190)
