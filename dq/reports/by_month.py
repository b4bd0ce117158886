"""Tables by month: what each line of a section came to in up to twelve months, and each part of a breakdown.

A percentage stands before the number it is of, a count before the share it is. A part of a breakdown is told by its
share of the whole's base, so that the parts together come to the whole.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from dq.model import Direction, Figure, Line, PeriodKind, Polarity, Section, Unit, direction
from dq.periods import months_before

MONTHS = 12
_WORSE = {Polarity.HIGH: Polarity.LOW, Polarity.LOW: Polarity.HIGH}
Key = tuple[str, str | None, str]


@dataclass(frozen=True)
class Amount:
    """What a row comes to in a month: a number, and what stands beside it in brackets; None where not known."""

    value: float | None
    unit: Unit
    beside: float | None = None
    beside_unit: Unit = Unit.COUNT


@dataclass(frozen=True)
class MonthRow:
    """One row: its amounts, oldest first, what they come to together, and how the last differs from the one before.

    ``figure`` is that of the period, whose range the row tells; None where the range is not that of the amounts.
    """

    title: str
    amounts: tuple[Amount, ...]
    together: Amount | None
    moved: Direction | None
    figure: Figure | None

    @property
    def is_known(self) -> bool:
        """Whether anything is known of it in any month."""
        return any(amount.value is not None or amount.beside is not None for amount in self.amounts)

    @property
    def is_nothing(self) -> bool:
        """Whether it is known to be none in every month."""
        return all(amount.beside == 0 for amount in self.amounts)


@dataclass(frozen=True)
class MonthGroup:
    """A line with what stands beneath it: its rest, or the parts of its breakdown; ``empty`` are parts with nothing."""

    line: Line
    figure: Figure
    whole: MonthRow
    beneath: tuple[MonthRow, ...]
    empty: tuple[str, ...]

    @property
    def rows(self) -> tuple[MonthRow, ...]:
        """The row of the whole, and those beneath it."""
        return (self.whole, *self.beneath)


@dataclass(frozen=True)
class MonthTable:
    """The table of one section. ``together`` says what its last column holds, where it has one."""

    title: str
    months: tuple[dt.date, ...]
    together: str | None
    groups: tuple[MonthGroup, ...]


def month_tables(sections: Iterable[Section], figures: Mapping[Key, Figure]) -> list[MonthTable]:
    """Return the tables of the sections laid out by month; ``figures`` are the authority's, by the key of their line.

    All have the same months: from the first of twelve of which anything is known to the period.
    """
    wanted = [section for section in sections if section.layout == "by_month"]
    months = _months([figures[line.key] for section in wanted for line in section.lines])
    return [MonthTable(s.title, months, s.over_the_months, tuple(_groups(s, figures, months))) for s in wanted]


def _months(figures: Sequence[Figure]) -> tuple[dt.date, ...]:
    if not figures:
        return ()
    period = figures[0].period
    known = {period} | {end for figure in figures for end, value in figure.history if value is not None}
    months = [months_before(period, back) for back in range(MONTHS - 1, -1, -1)]
    return tuple(months[next(i for i, end in enumerate(months) if end in known) :])


# --- what is known of a figure at a month end -------------------------------------------------------------------


@dataclass(frozen=True)
class _Counted:
    """So many, of so many, and the figure itself where it is worked out."""

    number: float | None = None
    of: float | None = None
    value: float | None = None

    @property
    def share(self) -> float | None:
        """The figure, or the share that the number is, in percent."""
        if self.value is not None or self.number is None or not self.of:
            return self.value
        return 100 * self.number / self.of


def _counted(figure: Figure, months: Sequence[dt.date]) -> list[_Counted]:
    values = {**dict(figure.history), figure.period: figure.value}
    if figure.indicator.unit is Unit.COUNT:
        return [_Counted(number=values.get(end)) for end in months]
    counts = {end: (number, of) for end, number, of in figure.counts}
    counts[figure.period] = (figure.numerator, figure.denominator)
    return [_Counted(*counts.get(end, (None, None)), values.get(end)) for end in months]


_Shown = Callable[[_Counted], Amount]


def _as_share(counted: _Counted) -> Amount:
    return Amount(counted.share, Unit.PERCENT, counted.number)


def _as_count(counted: _Counted) -> Amount:
    return Amount(counted.number, Unit.COUNT, counted.share, Unit.PERCENT)


def _as_itself(unit: Unit) -> _Shown:
    if unit is Unit.PERCENT:
        return _as_share
    if unit is Unit.COUNT:
        return _as_count
    # The days that an average is made of are of no interest by themselves; cases and changes are.
    beside = unit is not Unit.AVERAGE_DAYS
    return lambda counted: Amount(counted.value, unit, counted.number if beside else None)


# --- lines → rows ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Frame:
    """What the rows of a section have in common."""

    months: Sequence[dt.date]
    together: str | None

    def row(self, title: str, counted: Sequence[_Counted], shown: _Shown, of: Figure, polarity: Polarity) -> MonthRow:
        """Return a row, that tells no range."""
        amounts = tuple(shown(one) for one in counted)
        then = amounts[-2].value if len(amounts) > 1 else None
        moved = direction(amounts[-1].value, then, polarity, of.target)
        together = self._together(counted, of)
        return MonthRow(title, amounts, None if together is None else shown(together), moved, None)

    def _together(self, counted: Sequence[_Counted], of: Figure) -> _Counted | None:
        """Return what twelve months come to, or their mean; None where that is of no meaning or not known."""
        numbers = [one.number for one in counted if one.number is not None]
        bases = [one.of for one in counted if one.of is not None]
        adds = of.indicator.period is PeriodKind.MONTH if self.together == "total" else of.indicator.unit is Unit.COUNT
        if self.together is None or not adds or len(numbers) < MONTHS or len(bases) not in (0, MONTHS):
            return None
        months = MONTHS if self.together == "average" else 1
        return _Counted(sum(numbers) / months, sum(bases) / months if bases else None)


def _groups(section: Section, figures: Mapping[Key, Figure], months: Sequence[dt.date]) -> Iterable[MonthGroup]:
    frame = _Frame(months, section.over_the_months)
    whole = {figure.measure: figure for figure in figures.values()}
    for line in section.lines:
        figure = figures[line.key]
        if line.breakdown is not None:
            yield _broken_down(line, figure, figures, frame)
            continue
        own = _counted(figure, months)
        shown, polarity = _as_itself(figure.indicator.unit), figure.indicator.polarity
        if line.share_of is not None:
            others = _counted(whole[line.share_of], months)
            own = [replace(one, of=other.number) for one, other in zip(own, others, strict=True)]
        row = replace(frame.row(line.title, own, shown, figure, polarity), figure=figure)
        rest = [_rest(one) for one in own]
        beneath = [frame.row(line.rest, rest, shown, figure, _WORSE.get(polarity, polarity))] if line.rest else []
        yield MonthGroup(line, figure, row, tuple(beneath), ())


def _rest(counted: _Counted) -> _Counted:
    left = None if counted.number is None or counted.of is None else counted.of - counted.number
    return _Counted(left, counted.of, None if counted.value is None else 100 - counted.value)


def _broken_down(line: Line, figure: Figure, figures: Mapping[Key, Figure], frame: _Frame) -> MonthGroup:
    unit, own = figure.indicator.unit, _counted(figure, frame.months)
    if unit is not Unit.PERCENT:
        own = [_Counted(_held(one, unit)) for one in own]
    shown = _as_share if unit is Unit.PERCENT else _as_count
    whole = frame.row(line.title, own, shown, figure, Polarity.NONE)
    rows = []
    for part in line.parts:
        of_part = _counted(figures[part.key], frame.months)
        shares = [
            _Counted(_held(one, unit), all_.of if unit is Unit.PERCENT else all_.number)
            for one, all_ in zip(of_part, own, strict=True)
        ]
        row = frame.row(line.label_of(part), shares, _as_share, figure, Polarity.NONE)
        rows.append(replace(row, figure=figures[part.key] if unit is Unit.COUNT else None))
    return MonthGroup(
        line,
        figure,
        replace(whole, figure=None if unit is Unit.AVERAGE else figure),
        tuple(row for row in rows if not row.is_nothing),
        tuple(row.title for row in rows if row.is_nothing),
    )


def _held(counted: _Counted, unit: Unit) -> float | None:
    """Return how many a part has: of an average its base, else those that are counted."""
    return counted.number if unit in {Unit.COUNT, Unit.PERCENT} else counted.of
