"""Nowcasts: what a figure is expected to reach once what happened and is not yet entered has been entered."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Nowcast:
    """What recording is expected to bring a figure to, or the ``reason`` why that is not said.

    ``expected`` is in the figure's own unit (81.0 is 81%); nine times of ten the final figure lies from ``low`` to
    ``high``. ``complete`` is the share, from 0 to 1, of the month's events thought to be entered, so many
    ``working_days`` after the month end. ``months`` is how many earlier month ends it rests on.
    """

    expected: float | None = None
    low: float | None = None
    high: float | None = None
    complete: float | None = None
    working_days: int = 0
    months: int = 0
    reason: str = ""
