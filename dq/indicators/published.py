"""Figures as they may be shown outside: without small numbers, or what would tell them, and rounded as declared."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from dq.indicators.small_numbers import Counts, Key, counts_of, hidden_cells
from dq.model import Figure, Number, PublishedNumbers, Scope, Unit
from dq.periods import months_before

_Hidden = set[tuple[str, str, str]]
"""(indicator id, split, scope id)."""


def published(figures: Sequence[Figure], scopes: Sequence[Scope], rules: PublishedNumbers) -> tuple[Figure, ...]:
    """Return the figures as they may be shown outside.

    A figure that holds a small number, or would tell one, has no value and a note that says so; an earlier month of
    one is hidden likewise. Areas and teams have neither a range nor the months between, whose differences could tell.
    What was published before is shown of the authority alone, where it is known of how many it was: in the file may be
    what was never meant for outside. What late recording may bring is not shown.
    """
    hidden = {end: _hidden(figures, scopes, end, rules.smallest) for end in _ends(figures)}
    return tuple(_published(figure, hidden, rules) for figure in figures)


def _ends(figures: Sequence[Figure]) -> list[dt.date]:
    return sorted({figure.period for figure in figures} | {end for figure in figures for end, *_ in figure.counts})


def _hidden(figures: Sequence[Figure], scopes: Sequence[Scope], end: dt.date, smallest: int) -> _Hidden:
    """Return what must not be shown of a month end: of the authority alone where nothing else is shown of it."""
    cells: dict[str, dict[Key, Counts]] = defaultdict(dict)
    for figure in figures:
        compared = end in {figure.period, *_compared(figure.period)}
        told = _told(figure, end) if compared or figure.scope.type == "authority" else ()
        if told:
            cells[figure.indicator.id][figure.split, figure.scope.id] = told
    return {
        (indicator, split, scope)
        for indicator, of_one in cells.items()
        for split, scope in hidden_cells(of_one, scopes, smallest)
    }


def _compared(period: dt.date) -> tuple[dt.date, dt.date]:
    """Return the earlier months that are shown of every figure, for how it moved."""
    return months_before(period, 1), months_before(period, 12)


def _told(figure: Figure, end: dt.date) -> Counts:
    if end == figure.period:
        return counts_of(figure.indicator.unit, figure.numerator, figure.denominator, figure.value)
    values = dict(figure.history)
    for known, numerator, denominator in figure.counts:
        if known == end:
            return counts_of(figure.indicator.unit, numerator, denominator, values.get(end))
    return ()


def _published(figure: Figure, hidden: dict[dt.date, _Hidden], rules: PublishedNumbers) -> Figure:
    whole = figure.scope.type == "authority"

    def shown(end: dt.date) -> bool:
        if end in figure.months_published and not (whole and _told(figure, end)):
            return False
        return (figure.indicator.id, figure.split, figure.scope.id) not in hidden.get(end, set())

    if not shown(figure.period):
        return replace(
            figure, numerator=None, denominator=None, value=None, rag=None, previous=None, year_ago=None, r3m=None,
            r3m_rag=None, low=None, high=None, rag_low=None, rag_high=None, open_exceptions=0, history=(), counts=(),
            published=(), usual=None, beside=None, nowcast=None,
            note=f"Not shown: it is of fewer than {rules.smallest}, or would tell of as few.",
        )  # fmt: skip
    month_ago, year_ago = _compared(figure.period)
    three = figure.r3m if whole and not _is_small(figure.r3m, figure, rules.smallest) else None
    return replace(
        figure,
        # What an average sums is no count.
        numerator=None if figure.indicator.unit in _AVERAGES else _rounded(figure.numerator, rules.round_to),
        denominator=_rounded(figure.denominator, rules.round_to),
        value=_rounded(figure.value, rules.round_to) if figure.indicator.unit is Unit.COUNT else figure.value,
        previous=figure.previous if shown(month_ago) else None,
        year_ago=figure.year_ago if shown(year_ago) else None,
        r3m=three,
        r3m_rag=None if three is None else figure.r3m_rag,
        low=figure.low if whole else None,
        high=figure.high if whole else None,
        open_exceptions=figure.open_exceptions if whole else 0,
        history=tuple((end, value) for end, value in figure.history if shown(end)) if whole else (),
        counts=(),
        published=tuple(
            replace(one, recorded=None, moved=None) for one in figure.published if one.stands and shown(one.end)
        ),
        usual=figure.usual if whole else None,
        nowcast=None,
    )


def _is_small(value: float | None, figure: Figure, smallest: int) -> bool:
    return value is not None and figure.indicator.unit is Unit.COUNT and 0 < value < smallest


_AVERAGES = frozenset({Unit.AVERAGE, Unit.AVERAGE_DAYS})


def _rounded(count: Number | None, to: int) -> Number | None:
    return count if count is None or to == 1 else to * round(count / to)
