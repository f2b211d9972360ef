"""The two palettes of the pages, as Vega-Lite configuration, so that charts are legible in light and dark."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'DejaVu Sans', sans-serif"


@dataclass(frozen=True, slots=True)
class Theme:
    """The colours of one palette, equal to the custom properties of `static/style.css`."""

    name: str
    surface: str
    ink: str
    muted: str
    line: str
    accent: str
    warm: str
    quiet: str
    ramp: tuple[str, ...]


LIGHT = Theme(
    name="light",
    surface="#ffffff",
    ink="#17212b",
    muted="#56636f",
    line="#e3e8ec",
    accent="#0b6b7a",
    warm="#b5471d",
    quiet="#9fb0bc",
    ramp=("#eef5f6", "#b9dbe0", "#6fb3be", "#2a8796", "#07505c"),
)
DARK = Theme(
    name="dark",
    surface="#182129",
    ink="#e7eef3",
    muted="#9fadb9",
    line="#2c3843",
    accent="#62c5d4",
    warm="#f2976a",
    quiet="#5d6f7d",
    ramp=("#1d2a33", "#1f4650", "#2b7280", "#4aa6b5", "#9be3ee"),
)
THEMES = {theme.name: theme for theme in (LIGHT, DARK)}


def configuration(theme: Theme) -> dict[str, Any]:
    """Return the Vega-Lite configuration that draws in this palette."""
    return {
        "background": None,
        "font": FONT,
        "padding": 4,
        "view": {"stroke": None},
        "axis": {
            "labelColor": theme.muted,
            "labelFontSize": 12,
            "titleColor": theme.muted,
            "titleFontSize": 12,
            "titleFontWeight": "normal",
            "gridColor": theme.line,
            "domainColor": theme.line,
            "tickColor": theme.line,
            "labelPadding": 5,
            "titlePadding": 8,
        },
        "axisX": {"grid": False},
        "axisY": {"domain": False, "ticks": False},
        "legend": {
            "labelColor": theme.ink,
            "titleColor": theme.muted,
            "labelFontSize": 12,
            "titleFontSize": 12,
            "titleFontWeight": "normal",
            "orient": "top",
            "title": None,
            "symbolType": "square",
            "symbolStrokeWidth": 4,
        },
    }
