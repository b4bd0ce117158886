"""What there is to say of a figure, in sentences: every clause follows from the numbers, on unrounded values.

A movement that chance would give is never called more than that, and of a base of a few nothing is made.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

from dq.model import Figure, PeriodKind, Unit
from dq.periods import months_before
from dq.reports import words

FEW = 20
"""A base below this: one child more or less is over five points."""
YEAR = 12


def overview(figure: Figure) -> str:
    """Return the figure in words; empty where there is none to tell of."""
    if figure.value is None:
        return ""
    return " ".join(f"{sentence[0].upper()}{sentence[1:]}." for sentence in _sentences(figure, figure.value))


def _sentences(figure: Figure, value: float) -> Iterator[str]:
    said = [f"{_when(figure)}, {words.number(value, figure.indicator.unit)}{_of(figure)}"]
    compared = list(_compared(figure, value))
    if compared:
        said.append(" and ".join(compared))
    if extreme := _extreme(figure, value):
        said.append(extreme)
    yield ", ".join(said)
    if figure.target is not None:
        yield f"the target is {words.number(figure.target, figure.indicator.unit)}"
    yield from _chance(figure)
    yield from _doubt(figure)


def _doubt(figure: Figure) -> Iterator[str]:
    """Yield what open errors leave open, where they leave anything open that is printed."""
    if figure.low is None or figure.high is None or figure.unchecked:
        return
    low, high = (words.number(end, figure.indicator.unit) for end in (figure.low, figure.high))
    if low == high:
        return
    colours = f", so {words.colour_words(figure)}" if figure.settled is False else ""
    errors = words.plural(figure.open_exceptions, "open error is", "open errors are")
    yield f"once {errors} put right it could be {low} to {high}{colours}"
    if figure.settled is False and figure.settle is not None:
        yield words.settle_words(figure)


def _when(figure: Figure) -> str:
    said = words.period_words(figure.indicator.period, figure.period)
    if figure.indicator.period is PeriodKind.MONTH:
        return f"in {said}"
    return said if figure.indicator.period is PeriodKind.SNAPSHOT else f"in the {said[0].lower()}{said[1:]}"


def _of(figure: Figure) -> str:
    return f" ({words.base(figure)})" if words.base(figure) else ""


def _compared(figure: Figure, value: float) -> Iterator[str]:
    unit = figure.indicator.unit
    for then, months in ((figure.previous, 1), (figure.year_ago, YEAR)):
        if then is None:
            continue
        end = months_before(figure.period, months)
        when, as_published = words.month(end), " as published" if end in figure.months_published else ""
        told = words.number(then, unit)
        if told == words.number(value, unit):
            yield f"level with {when}{as_published}"
        else:
            yield f"{'higher' if value > then else 'lower'} than {told} in {when}{as_published}"


def _extreme(figure: Figure, value: float) -> str:
    """Return that it is the highest or lowest of twelve months, where all are known and no other is as far out."""
    start = months_before(figure.period, YEAR)
    others = [known for end, known in figure.history if start < end < figure.period]
    if len(others) < YEAR - 1 or any(known is None for known in others):
        return ""
    beyond = [known for known in others if known is not None and not math.isclose(known, value, abs_tol=1e-9)]
    if len(beyond) < len(others):
        return ""
    if all(known < value for known in beyond):
        return "the highest in 12 months"
    return "the lowest in 12 months" if all(known > value for known in beyond) else ""


def _chance(figure: Figure) -> Iterator[str]:
    if figure.indicator.unit is Unit.PERCENT and figure.denominator is not None and figure.denominator < FEW:
        yield f"it is of {figure.denominator:,} alone: too few to say how things go"
    elif figure.unusual is not None and figure.usual is not None:
        low, high = (words.number(limit, figure.indicator.unit) for limit in figure.usual)
        if figure.unusual == "within":
            yield f"that is no more than it moves by chance ({low} to {high})"
        else:
            yield f"that is more than chance: the months before let expect {low} to {high}"
