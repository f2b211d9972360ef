"""Messages in and out, and the leads among them, by day."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import altair as alt

from emailresponse.reports.figures import VolumeDay
from web import wording
from web.charts.chart import VALUES, Chart
from web.charts.theme import Theme

LONGEST_BY_DAY = 62
"""More days than this are drawn by week."""
KINDS = ("received", "sent", "leads")


def volumes(days: Sequence[VolumeDay]) -> Chart:
    """Return the chart of received and sent messages and of leads by day."""
    points = _weeks(days) if len(days) > LONGEST_BY_DAY else days
    scale = "" if points is days else "By week. "
    values = [value for one in points for value in _values(one)]
    received, sent, leads = (sum(getattr(one, kind) for one in days) for kind in KINDS)
    return Chart(
        name="volumes",
        title="Messages and leads",
        description=f"{scale}{wording.number(received)} messages received, {wording.number(sent)} sent, "
        f"{wording.number(leads)} leads.",
        columns=("Day", "Received", "Sent", "Leads"),
        rows=tuple(
            (
                wording.day(one.day),
                wording.number(one.received),
                wording.number(one.sent),
                wording.number(one.leads),
            )
            for one in days
        ),
        definition=(lambda theme, width: _draw(len(points), theme, width)) if received + sent else None,
        values=values,
    )


def _weeks(days: Sequence[VolumeDay]) -> list[VolumeDay]:
    """Return the sums of whole weeks, each under its first day; a broken week at either end is left out."""
    weeks = [list(days[start : start + 7]) for start in range(len(days) % 7, len(days), 7)]
    return [
        VolumeDay(
            week[0].day,
            *(sum(getattr(one, kind) for one in week) for kind in ("sent", "received", "internal", "leads")),
        )
        for week in weeks
    ]


def _values(one: VolumeDay) -> list[dict[str, Any]]:
    words = {kind.capitalize(): wording.number(getattr(one, kind)) for kind in KINDS}
    return [
        {
            "day": one.day.isoformat(),
            "kind": kind,
            "count": getattr(one, kind),
            "From": wording.day(one.day),
            **words,
        }
        for kind in KINDS
    ]


def _draw(points: int, theme: Theme, width: int) -> Any:
    base = alt.Chart(VALUES).encode(
        x=alt.X(
            "day:T",
            title=None,
            scale=alt.Scale(type="utc", nice=False, padding=8),
            axis=alt.Axis(
                format="%-d %b", tickCount=4 if width < 400 else 8, labelOverlap="greedy", labelFlush=True
            ),
        )
    )
    lines = base.mark_line(strokeWidth=2, interpolate="monotone").encode(
        y=alt.Y("count:Q", title=None, axis=alt.Axis(tickMinStep=1, tickCount=4)),
        color=alt.Color(
            "kind:N",
            sort=list(KINDS),
            scale=alt.Scale(domain=list(KINDS), range=[theme.quiet, theme.accent, theme.warm]),
        ),
    )
    hover = base.mark_rule(strokeWidth=max(4, width // points), opacity=0).encode(
        tooltip=[alt.Tooltip(f"{name}:N") for name in ("From", "Received", "Sent", "Leads")]
    )
    return alt.layer(lines, hover).properties(width=width, height=180)
