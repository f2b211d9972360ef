"""Shares with the interval they deserve: Wilson 1927, which holds for few observations and near 0 and 1."""

from __future__ import annotations

from math import sqrt

from emailresponse.survival import Z


def wilson(met: int, n: int) -> tuple[float | None, float | None, float | None]:
    """Return the share and the ends of its 95 % interval, in [0, 1]; all None where n is 0."""
    if n == 0:
        return None, None, None
    share = met / n
    scale = 1 + Z * Z / n
    centre = (share + Z * Z / (2 * n)) / scale
    half = Z * sqrt(share * (1 - share) / n + Z * Z / (4 * n * n)) / scale
    return share, max(0.0, centre - half) if met else 0.0, min(1.0, centre + half) if met < n else 1.0
