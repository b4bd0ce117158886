"""How a check's sentence is written in a gate, and how it reads once the check is judged.

``{count}`` is how many fail and ``{which}`` their names. ``{extract is|extracts are}`` agrees with the count.
What stands in square brackets is said of each that fails, and may name the columns of its facts:
``[{extract} ({rows} records)]``. The run's facts have one row, so their columns may be named anywhere.
``{observed}`` is what was found, for an expectation that looks at the whole table and not at each row.
"""

from __future__ import annotations

import datetime as dt
import numbers
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

NAMES_SHOWN = 5
"""How many names a sentence gives before it says how many more there are."""

_EACH = re.compile(r"\[([^\[\]]*)\]")
_PLACE = re.compile(r"\{([^{}]*)\}")


def places(text: str) -> Iterator[tuple[str, bool]]:
    """Yield every placeholder of a sentence, and whether it is said of each failing row (in square brackets)."""
    for each in _EACH.finditer(text):
        yield from ((name, True) for name in _PLACE.findall(each[1]))
    yield from ((name, False) for name in _PLACE.findall(_EACH.sub("", text)) if "|" not in name)


def unbalanced(text: str) -> bool:
    """Return whether a brace or bracket of a sentence is left open, or one stands inside its own kind."""
    return bool(re.search(r"[\[\]{}]", _PLACE.sub("", _EACH.sub(lambda each: each[1], text))))


def sentence(text: str, count: int, names: Sequence[str], rows: Sequence[Mapping[str, Any]], **more: object) -> str:
    """Return a sentence with its placeholders filled in.

    ``names`` and ``rows`` are the name and the facts of each row that fails; ``more`` are values that may stand
    anywhere.
    """
    whole = {**more, "count": count, "which": listed(names)}
    text = _EACH.sub(lambda each: listed([_filled(each[1], row, count) for row in rows]), text)
    return _filled(text, whole, count)


def listed(parts: Sequence[str]) -> str:
    """Return names in a row; where there are many, the first few and how many more there are."""
    if len(parts) <= NAMES_SHOWN + 1:  # "and 1 more" would be no shorter than the name
        return ", ".join(parts)
    return f"{', '.join(parts[:NAMES_SHOWN])} and {len(parts) - NAMES_SHOWN:,} more"


def worded(value: object) -> str:
    """Return a fact as people read it: 1,234; 3.05; 31 Aug 2016; yes."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "yes" if value else "no"
    if value is None or value != value:  # noqa: PLR0124 - NaN and NaT alone are not equal to themselves
        return "not known"
    if isinstance(value, dt.date):
        return f"{value.day} {value:%b %Y}"
    if not isinstance(value, numbers.Real):
        return str(value)
    number = float(value)
    return f"{number:,.2f}".rstrip("0").rstrip(".")


def _filled(text: str, values: Mapping[str, Any], count: int) -> str:
    def fill(place: re.Match[str]) -> str:
        one, bar, many = place[1].partition("|")
        if bar:
            return one if count == 1 else many
        return worded(values[place[1]])

    return _PLACE.sub(fill, text)
