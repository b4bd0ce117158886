"""Red, amber or green, decided on the unrounded value."""

from __future__ import annotations

from dq.model import Band


def rag(value: float | None, band: Band | None) -> str | None:
    """Return G, A or R: green if the value is within the green limit, else amber, else red; None with no band."""
    return None if value is None or band is None else band.colour(value)
