"""The share of waits still unanswered as time goes by: Kaplan and Meier's curve with its band."""

from __future__ import annotations

from typing import Any

import altair as alt

from emailresponse.reports.figures import Curve
from web import wording
from web.charts.chart import VALUES, Chart
from web.charts.theme import Theme

STEPS = (300, 600, 1_800, 3_600, 7_200, 14_400, 28_800, 86_400, 172_800, 432_000)


def survival(curve: Curve, clock: str, goal_seconds: int | None) -> Chart:
    """Return the chart of the share still unanswered after each time."""
    values = _values(curve, clock)
    return Chart(
        name="survival",
        title="Still unanswered as time goes by",
        description="Share of waits still unanswered after each time, with its 95 % band; open waits count"
        " for as long as they are known to be open.",
        columns=("After", "Still unanswered", "95 % band"),
        rows=tuple(_row(curve, seconds, clock) for seconds in STEPS if _reaches(curve, seconds)),
        definition=(lambda theme, width: _draw(values, goal_seconds, theme, width))
        if len(values) > 1
        else None,
        values=values,
    )


def _reaches(curve: Curve, seconds: float) -> bool:
    return bool(len(curve.times)) and seconds <= curve.times[-1]


def _at(curve: Curve, seconds: float) -> int | None:
    """Return the last step of the curve not after `seconds`, None before its first."""
    found = None
    for index, moment in enumerate(curve.times):
        if moment > seconds:
            break
        found = index
    return found


def _row(curve: Curve, seconds: float, clock: str) -> tuple[str, ...]:
    index = _at(curve, seconds)
    after = wording.duration(seconds, clock)
    if index is None:
        return after, wording.share(1.0), wording.ABSENT
    return after, wording.share(curve.survival[index]), wording.interval(curve.low[index], curve.high[index])


def _values(curve: Curve, clock: str) -> list[dict[str, Any]]:
    return [
        {
            "minutes": max(float(curve.times[index]) / 60, 1.0),
            "still": float(curve.survival[index]),
            "low": _number(curve.low[index]),
            "high": _number(curve.high[index]),
            "After": wording.duration(curve.times[index], clock),
            "Still unanswered": wording.share(curve.survival[index]),
            "95 % band": wording.interval(curve.low[index], curve.high[index]),
        }
        for index in range(len(curve.times))
    ]


def _number(value: float | None) -> float | None:
    return None if value is None else float(value)


def _draw(values: list[dict[str, Any]], goal_seconds: int | None, theme: Theme, width: int) -> Any:
    longest = max(value["minutes"] for value in values)
    ticks = [minutes for minutes in (1, 5, 15, 60, 240, 1_440, 4_320, 14_400, 43_200) if minutes <= longest]
    base = alt.Chart(VALUES).encode(
        x=alt.X(
            "minutes:Q",
            title=None,
            scale=alt.Scale(type="log", domain=[1, max(longest, 2)], nice=False),
            axis=alt.Axis(
                values=ticks,
                labelExpr="datum.value < 60 ? datum.value + ' min' :"
                " datum.value < 1440 ? datum.value / 60 + ' h' : datum.value / 1440 + ' d'",
                grid=True,
            ),
        )
    )
    share = alt.Y(
        "still:Q", title=None, scale=alt.Scale(domain=[0, 1]), axis=alt.Axis(format=".0%", tickCount=5)
    )
    layers: list[Any] = [
        base.mark_area(color=theme.accent, opacity=0.16, interpolate="step-after").encode(
            y=alt.Y("low:Q", title=None, scale=alt.Scale(domain=[0, 1])), y2=alt.Y2("high:Q")
        ),
        base.mark_line(color=theme.accent, strokeWidth=2.25, interpolate="step-after").encode(y=share),
    ]
    if goal_seconds and 60 <= goal_seconds <= longest * 60:
        goal = alt.Chart(alt.InlineData(values=[{"minutes": goal_seconds / 60, "word": "goal"}]))
        layers.append(
            goal.mark_rule(color=theme.warm, strokeDash=[4, 3], strokeWidth=1.5).encode(x=alt.X("minutes:Q"))
        )
        layers.append(
            goal.mark_text(color=theme.warm, align="left", dx=5, baseline="top", fontSize=12).encode(
                x=alt.X("minutes:Q"), y=alt.value(2), text=alt.Text("word:N")
            )
        )
    layers.append(
        base.mark_rule(strokeWidth=max(4, width // len(values)), opacity=0).encode(
            tooltip=[alt.Tooltip(f"{name}:N") for name in ("After", "Still unanswered", "95 % band")]
        )
    )
    return alt.layer(*layers).properties(width=width, height=210)
