"""One chart: its words, its numbers as a table, and the definition that draws it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt
import vl_convert
from altair.utils.schemapi import disable_debug_mode

from web.charts.theme import THEMES, Theme, configuration

Row = dict[str, Any]
Definition = Callable[[Any, int], Any]

# Definitions are this program's own, and tests hold each against Vega-Lite's schema; Altair would do so again
# for every part of every drawing, which takes longer than to draw it.
disable_debug_mode()

VALUES = alt.NamedData(name="values")
"""The data of a chart by name: given with the values themselves, Altair would copy them for every layer."""

WIDTHS = {"wide": 640, "half": 440, "narrow": 290}
"""Pixels of the plot itself; axes come on top."""

_STYLE = re.compile(r'\sstyle="[^"]*"')


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart before it is drawn.

    Attributes:
        name: its name in addresses.
        title: what it shows.
        description: the same in a sentence for those who cannot see it.
        columns: the headings of its table.
        rows: its numbers in words, one row per mark.
        links: the arguments that lead to the waits behind each row; empty where rows lead nowhere.
        definition: the Altair chart in a theme and a width in pixels, drawn from VALUES; absent where there
            is nothing to draw.
        values: what it is drawn from, with the words that the pointer shows.
    """

    name: str
    title: str
    description: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    definition: Definition | None
    values: Sequence[Row] = ()
    links: tuple[Mapping[str, Any], ...] = ()

    def specification(self, theme: str, width: str) -> dict[str, Any]:
        """Return the Vega-Lite specification of this chart, its values included."""
        palette = THEMES[theme]
        drawn = (self.definition or _blank)(palette, WIDTHS[width])
        specification: dict[str, Any] = drawn.properties(description=self.description).to_dict(validate=False)
        specification.setdefault("datasets", {})[VALUES.name] = list(self.values)
        specification["config"] = configuration(palette)
        return specification


def _blank(theme: Theme, width: int) -> Any:
    """Return the drawing of nothing: absent is not zero."""
    return (
        alt.Chart(alt.InlineData(values=[{}]))
        .mark_text(text="no data", color=theme.muted, fontSize=14)
        .properties(width=width, height=120)
    )


def svg(specification: dict[str, Any]) -> str:
    """Return the drawing of a specification, free of style attributes, which a strict policy forbids."""
    return _STYLE.sub("", vl_convert.vegalite_to_svg(specification))
