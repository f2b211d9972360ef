"""The week by weekday and local hour: how many messages arrive, and how many are answered within goal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import altair as alt

from emailresponse.reports.figures import Cell
from web import wording
from web.charts.chart import VALUES, Chart
from web.charts.theme import Theme

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def hours(cells: Sequence[Cell]) -> Chart:
    """Return the grid of inbound messages per hour of the week."""
    values = [
        {**_place(cell), "value": cell.per_hour, "Messages per hour": wording.decimal(cell.per_hour)}
        for cell in cells
        if cell.per_hour
    ]
    return Chart(
        name="hours",
        title="Busiest hours",
        description=_busiest(cells),
        columns=("Weekday", "Hour", "Messages per hour", "Messages"),
        rows=tuple(
            (
                WEEKDAYS[cell.weekday - 1],
                _hour(cell),
                wording.decimal(cell.per_hour),
                wording.number(cell.messages),
            )
            for cell in cells
            if cell.messages
        ),
        links=tuple(_waits_of(cell) for cell in cells if cell.messages),
        definition=(lambda theme, width: _draw("Messages per hour", theme, width)) if values else None,
        values=values,
    )


def hours_goal(cells: Sequence[Cell]) -> Chart:
    """Return the grid of the share answered within goal by the hour of arrival."""
    values = [
        {
            **_place(cell),
            "value": cell.share,
            "judged": cell.n,
            "Within goal": wording.share(cell.share),
            "Judged waits": wording.number(cell.n),
        }
        for cell in cells
        if cell.share is not None
    ]
    return Chart(
        name="hours-goal",
        title="Within goal by hour of arrival",
        description="Share answered within goal by weekday and local hour at which the wait opened.",
        columns=("Weekday", "Hour", "Within goal", "Judged waits"),
        rows=tuple(
            (WEEKDAYS[cell.weekday - 1], _hour(cell), wording.share(cell.share), wording.number(cell.n))
            for cell in cells
            if cell.share is not None
        ),
        links=tuple(_waits_of(cell) | {"figure": "judged"} for cell in cells if cell.share is not None),
        definition=(lambda theme, width: _draw("Within goal", theme, width)) if values else None,
        values=values,
    )


def _busiest(cells: Sequence[Cell]) -> str:
    if not any(cell.messages for cell in cells):
        return "No message came in on these days."
    top = max(cells, key=lambda cell: cell.per_hour or 0.0)
    return (
        f"Inbound messages per hour; most on {WEEKDAYS[top.weekday - 1]} at {_hour(top)}, "
        f"{wording.decimal(top.per_hour)} an hour."
    )


def _waits_of(cell: Cell) -> dict[str, Any]:
    return {"weekday": cell.weekday, "hour": cell.hour}


def _hour(cell: Cell) -> str:
    return f"{cell.hour:02d}:00"


def _place(cell: Cell) -> dict[str, Any]:
    weekday = WEEKDAYS[cell.weekday - 1]
    return {
        "weekday": weekday,
        "hour": cell.hour,
        "When": f"{weekday} {_hour(cell)} to {cell.hour + 1:02d}:00",
    }


def _draw(measure: str, theme: Theme, width: int) -> Any:
    is_share = measure == "Within goal"
    scale = (
        alt.Scale(range=list(theme.ramp), domain=[0, 1])
        if is_share
        else alt.Scale(range=list(theme.ramp), domainMin=0)
    )
    others = ["Judged waits"] if is_share else []
    # A cell of one wait must not shout as loud as a cell of many.
    weight = {
        "opacity": alt.Opacity(
            "judged:Q", scale=alt.Scale(domain=[0, 5], range=[0.3, 1], clamp=True), legend=None
        )
    }
    return (
        alt.Chart(VALUES)
        .mark_rect(cornerRadius=2, stroke=theme.surface, strokeWidth=1.5)
        .encode(
            x=alt.X(
                "hour:O",
                title=None,
                scale=alt.Scale(domain=list(range(24))),
                axis=alt.Axis(
                    values=list(range(0, 24, 6 if width < 400 else 3)),
                    labelAngle=0,
                    ticks=False,
                    domain=False,
                    labelExpr="(datum.value < 10 ? '0' : '') + datum.value + ':00'",
                ),
            ),
            y=alt.Y(
                "weekday:O", title=None, scale=alt.Scale(domain=list(WEEKDAYS)), axis=alt.Axis(domain=False)
            ),
            color=alt.Color(
                "value:Q",
                scale=scale,
                legend=alt.Legend(
                    title=measure,
                    format=".0%" if is_share else "~g",
                    orient="bottom",
                    gradientLength=min(200, width // 2),
                    gradientThickness=8,
                    tickCount=3,
                ),
            ),
            **(weight if is_share else {}),
            tooltip=[alt.Tooltip(f"{name}:N") for name in ("When", measure, *others)],
        )
        .properties(width=width, height=alt.Step(24))
    )
