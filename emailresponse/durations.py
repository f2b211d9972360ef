"""How a person says a time: "3 h 12 min", "2 d 4 h", "not reached, > 5 d", "no data".

Days are 24 hours and exist on the calendar clock only; business time is said in hours, for nobody agrees on
how long a business day is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from emailresponse.reports.figures import Quantile

NO_DATA = "no data"


def spoken(seconds: float | None, clock: str = "calendar") -> str:
    """Return a time in its two largest units; None is "no data"."""
    if seconds is None:
        return NO_DATA
    if seconds < 0:
        return "-" + spoken(-seconds, clock)
    if seconds < 59.5:
        return f"{round(seconds)} s"
    if seconds < 600:
        return _pair(round(seconds), 60, "min", 1, "s")
    return _long(seconds, clock)


def _long(seconds: float, clock: str) -> str:
    """Return a time of ten minutes and more."""
    minutes = round(seconds / 60)
    if minutes < 60:
        return f"{minutes} min"
    if minutes < 1440 or (clock == "business" and minutes < 6000):
        return _pair(minutes, 60, "h", 1, "min")
    hours = round(seconds / 3600)
    return f"{hours} h" if clock == "business" else _pair(hours, 24, "d", 1, "h")


def spoken_goal(seconds: int) -> str:
    """Return a goal exactly, e.g. "1 h", "90 s", "26 h 30 min 5 s"."""
    hours, rest = divmod(seconds, 3600)
    minutes, left = divmod(rest, 60)
    parts = [f"{value} {unit}" for value, unit in ((hours, "h"), (minutes, "min"), (left, "s")) if value]
    return " ".join(parts) or "0 s"


def spoken_quantile(quantile: Quantile, clock: str = "calendar") -> str:
    """Return a quantile's time; "not reached, > X" where the curve never falls that far."""
    if quantile.is_reached:
        return spoken(quantile.seconds, clock)
    if quantile.beyond_seconds is None:
        return NO_DATA
    return f"not reached, > {spoken(quantile.beyond_seconds, clock)}"


def spoken_band(quantile: Quantile, clock: str = "calendar") -> str:
    """Return the ends of a quantile's band, e.g. "2 h to 4 h"; empty where there is none."""
    if quantile.low is None:
        return ""
    if quantile.high is None:
        return f"from {spoken(quantile.low, clock)}"
    return f"{spoken(quantile.low, clock)} to {spoken(quantile.high, clock)}"


def spoken_share(share: float | None) -> str:
    """Return a share in whole percent; None is "no data", and only all is 100 %, only none 0 %."""
    if share is None:
        return NO_DATA
    percent = round(100 * share)
    if percent == 100 and share < 1:
        return "> 99 %"
    if percent == 0 and share > 0:
        return "< 1 %"
    return f"{percent} %"


def _pair(amount: int, base: int, large: str, step: int, small: str) -> str:
    """Return an amount as so many large units and the rest in small ones, which is left out where it is 0."""
    whole, rest = divmod(amount // step, base)
    return f"{whole} {large} {rest} {small}" if rest else f"{whole} {large}"
