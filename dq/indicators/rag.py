"""Red, amber or green, decided on the unrounded value."""

from __future__ import annotations

import operator

from dq.model import Band

_COMPARE = {">=": operator.ge, "<=": operator.le, ">": operator.gt, "<": operator.lt}


def rag(value: float | None, band: Band | None) -> str | None:
    """Return G, A or R: green if the value is within the green limit, else amber, else red; None with no band."""
    if value is None or band is None:
        return None
    for letter, limit in (("G", band.green), ("A", band.amber)):
        sign, number = limit.split()
        if _COMPARE[sign](value, float(number)):
            return letter
    return "R"
