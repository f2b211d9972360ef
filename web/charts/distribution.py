"""How many waits took how long: answered ones, and open ones by their age."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import altair as alt

from emailresponse.reports.figures import Bin
from web import wording
from web.charts.chart import VALUES, Chart
from web.charts.theme import Theme


def distribution(bins: Sequence[Bin]) -> Chart:
    """Return the chart of waits by response time, the open ones by their age."""
    values = [value for one in bins for value in _pair(one)]
    total = sum(one.answered + one.open for one in bins)
    return Chart(
        name="distribution",
        title="How long answers took",
        description=f"{wording.number(total)} waits by response time; open ones by their age so far.",
        columns=("Time", "Answered", "Unanswered so far"),
        rows=tuple((one.label, wording.number(one.answered), wording.number(one.open)) for one in bins),
        links=tuple({"from": one.low_seconds or None, "below": one.high_seconds} for one in bins),
        definition=(lambda theme, width: _draw([one.label for one in bins], theme, width)) if total else None,
        values=values,
    )


def _pair(one: Bin) -> list[dict[str, Any]]:
    return [
        {
            "bin": one.label,
            "Time": one.label,
            "kind": kind,
            "order": order,
            "count": count,
            "Waits": f"{wording.number(count)} {kind}",
        }
        for order, (kind, count) in enumerate((("answered", one.answered), ("unanswered so far", one.open)))
    ]


def _draw(order: list[str], theme: Theme, width: int) -> Any:
    return (
        alt.Chart(VALUES)
        .mark_bar(cornerRadiusEnd=2)
        .encode(
            y=alt.Y("bin:N", sort=order, title=None, axis=alt.Axis(labelLimit=110)),
            x=alt.X(
                "count:Q", title=None, axis=alt.Axis(tickMinStep=1, tickCount=5, grid=True, domain=False)
            ),
            color=alt.Color(
                "kind:N",
                scale=alt.Scale(domain=["answered", "unanswered so far"], range=[theme.accent, theme.warm]),
            ),
            order=alt.Order("order:O"),
            tooltip=[alt.Tooltip("Time:N"), alt.Tooltip("Waits:N")],
        )
        .properties(width=width - 20, height=alt.Step(22))
    )
