"""The facts of figures: how far each moved since last month, whether that was confirmed, and whether its colour holds.

How far is likely is told by the moving ranges of an XmR chart (Shewhart's individuals chart, as Wheeler gives it): a
month's move against the mean move of the months before. Beyond the chart's upper limit, 3.27 mean moves, a move is more
than chance; that number is the gate's policy. Figures that begin anew each year or quarter have no usual move.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from statistics import fmean
from typing import Any

from dq.model import Confirmed, Figure, LastMonth, PeriodKind, Unit, Word

_BEGIN_ANEW = frozenset({PeriodKind.QUARTER, PeriodKind.FINANCIAL_YEAR, PeriodKind.ACADEMIC_YEAR})
_COLOURS = {"G": "green", "A": "amber", "R": "red"}
_ORDER = "GAR"


def figure_rows(
    figures: Sequence[Figure], before: LastMonth, confirmed: Sequence[Confirmed], period: dt.date
) -> Iterator[Mapping[str, Any]]:
    """Yield the facts of each figure; ``confirmed`` are those somebody stands by, of whatever month."""
    stood_by = {word.indicator for word in confirmed if word.period == f"{period:%Y-%m}"}
    for name, figure in named(figures).items():
        value = math.nan if figure.value is None else figure.value
        then, of = _before(figure, before)
        is_share = figure.indicator.unit is Unit.PERCENT
        moved = abs(value - then)
        moves = _moves(figure)
        usual = fmean(moves) if moves else 0.0
        yield {
            "figure": name,
            "measure": figure.measure,
            "is_share": is_share,
            "value": value,
            "before": then,
            "before_is": of,
            # Of nothing there is no share: a number that was nought is held against one.
            "moved_by": moved if is_share else 100 * moved / (abs(then) or 1),
            "times_usual_move": moved / usual if usual else math.nan,
            # One that never moved has no usual move: how far it moves is then judged by itself.
            "moves_known": len(moves) if usual else 0,
            "confirmed": figure.measure in stood_by,
            "has_colour": figure.rag is not None,
            "settled": figure.settled is not False,
            "colours": _colours(figure),
        }


def confirmed_words(
    figures: Sequence[Figure], confirmed: Sequence[Confirmed], before: LastMonth, period: dt.date
) -> Iterator[Word]:
    """Yield what somebody confirmed of this month's figures, with the move that it is about."""
    by_measure = {figure.measure: (name, figure) for name, figure in named(figures).items()}
    for word in confirmed:
        if word.period == f"{period:%Y-%m}" and word.indicator in by_measure:
            name, figure = by_measure[word.indicator]
            then, of = _before(figure, before)
            state = "last month's figure is not known" if math.isnan(then) else f"last month's {of}"
            yield Word("confirmed", name, word.by, word.because, state)


def named(figures: Sequence[Figure]) -> dict[str, Figure]:
    """Return figures by the name they have on the paper, after its number; one of a name taken bears its measure."""
    found: dict[str, Figure] = {}
    for figure in figures:
        name = figure.title or figure.indicator.title
        if figure.number is not None and figure.number[:1].isdigit():
            name = f"{figure.number}. {name}"
        found[f"{name} ({figure.measure})" if name in found else name] = figure
    return found


def _before(figure: Figure, before: LastMonth) -> tuple[float, str]:
    """Return last month's figure: as published, if that is known, and else as the records now have it."""
    published = figure.published_for(1)
    if published is not None:
        return published.value, "as published"
    left = before.figures.get((figure.indicator.id, figure.split))
    if left is not None:
        return left, "of last month's run"
    return (math.nan, "") if figure.previous is None else (figure.previous, "from the records")


def _moves(figure: Figure) -> list[float]:
    """Return how far it moved from month to month before this one, where two months that follow are known."""
    if figure.indicator.period in _BEGIN_ANEW:
        return []
    known = [value for end, value in sorted(figure.history) if end < figure.period]
    return [abs(later - then) for then, later in pairwise(known) if later is not None and then is not None]


def _colours(figure: Figure) -> str:
    """Return its colour, and what else it could be: every colour from one end of the range to the other."""
    if figure.rag is None:
        return ""
    ends = [_ORDER.index(letter) for letter in (figure.rag, figure.rag_low, figure.rag_high) if letter in _COLOURS]
    could = [_COLOURS[letter] for letter in _ORDER[min(ends) : max(ends) + 1] if letter != figure.rag]
    if could:
        return f"{_COLOURS[figure.rag]}, could be {' or '.join(could)}"
    return f"{_COLOURS[figure.rag]}{', not fully checked' if figure.settled is False else ''}"
