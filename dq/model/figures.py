"""Figures: what an indicator comes to for a scope and a period."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass
from typing import Literal

from dq.model.measures import Band, Indicator, Number, Polarity, Unit, split_id
from dq.model.nowcasts import Nowcast


@dataclass(frozen=True)
class Scope:
    """Whom a figure is about: the authority, an area or a team."""

    type: Literal["authority", "area", "team"]
    id: str
    name: str
    area: str | None = None


@dataclass(frozen=True)
class Direction:
    """How a figure moved: as performance (better, worse, same; empty where no way is better) and as a number."""

    performance: Literal["better", "worse", "same", ""]
    movement: Literal["up", "down", "level"]


def direction(
    now: float | None, then: float | None, polarity: Polarity, target: float | None = None
) -> Direction | None:
    """Return how a figure moved from ``then`` to ``now``, on unrounded values; None if either is not known.

    Where the target lies between, better is nearer to it; without one such a measure has no better.
    """
    if now is None or then is None:
        return None
    neither = polarity is Polarity.NONE or (polarity is Polarity.TARGET and target is None)
    if math.isclose(now, then, rel_tol=0, abs_tol=1e-9):
        return Direction("" if neither else "same", "level")
    movement: Literal["up", "down"] = "up" if now > then else "down"
    if neither:
        return Direction("", movement)
    if polarity is Polarity.TARGET and target is not None:
        off, was_off = abs(now - target), abs(then - target)
        if math.isclose(off, was_off, rel_tol=0, abs_tol=1e-9):
            return Direction("same", movement)
        return Direction("better" if off < was_off else "worse", movement)
    return Direction("better" if (movement == "up") == (polarity is Polarity.HIGH) else "worse", movement)


Apart = Literal["above", "below", "within", "too_few"]
"""How a figure stands to what chance would give: more, less, no more than that, or of too few to say."""


@dataclass(frozen=True)
class Moved:
    """Why the records no longer bear out what was published of a month.

    How many records that the figure reads were entered ``late``, after it was published and of its month or before; how
    many exceptions that can move it were ``corrected`` since (fixed, emptied, or gone with their record); and whether
    indicators were ``redefined``.
    """

    late: int
    corrected: int
    redefined: bool

    @property
    def told(self) -> str:
        """The causes in words; nothing where none of them is seen."""
        causes = [
            f"{_plural(self.late, 'record')} entered since" if self.late else "",
            f"{_plural(self.corrected, 'exception')} corrected" if self.corrected else "",
            "indicators mean something else" if self.redefined else "",
        ]
        return "; ".join(filter(None, causes))


def _plural(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


@dataclass(frozen=True)
class AsPublished:
    """What was published of a figure for the month that ends at ``end``, and what the records now say of that month.

    ``value`` was printed with so many ``decimals``; ``recorded`` is unrounded, None where the records do not reach.
    ``stands``: the figure's history has the published value, not that of the records. ``moved`` says why the two
    differ, where the ledger knows.
    """

    end: dt.date
    value: float
    decimals: int
    recorded: float | None = None
    stands: bool = False
    moved: Moved | None = None

    def is_printed_as(self, value: float | None) -> bool:
        """Whether a value, printed with as many decimals, is what was published."""
        return value is not None and abs(value - self.value) <= 0.5 * 10.0**-self.decimals + 1e-9

    @property
    def differs(self) -> bool:
        """Whether the records now say something else than was published."""
        return self.recorded is not None and not self.is_printed_as(self.recorded)


_FAR_POINTS = 0.5
_FAR_SHARE = 0.01
"""From here on a month counts as restated: points of a share, or a part of any other number."""


@dataclass(frozen=True)
class Settle:
    """The fewest exceptions that settle the colour of a figure, once put right, whatever the others turn out to be.

    It is settled if they turn out so as to move the figure ``way``.
    """

    colour: str
    exceptions: tuple[str, ...]
    way: Literal["up", "down"]


@dataclass(frozen=True)
class Figure:
    """One indicator for one scope and period, with what it was and the range its open exceptions leave it.

    ``value`` is unrounded: a percentage (81.0 is 81%), a count, an average or a rate; None where not available or
    without a base. ``split`` is ``all``, or the part of the base that it is of.
    ``low`` and ``high`` are the least and greatest the value could be once every open error that touches it is
    resolved, None where that is not known; ``open_queries`` feed the figure too, and may be right as they are;
    ``unchecked`` is how many rules that could find such an error did not run;
    ``history`` holds (period end, value) for each month end that the extracts reach back to or something was published
    for, and ``counts`` what each was made of, as far as it is known: (period end, numerator, denominator);
    ``published`` says of which months something was published, latest first. ``usual`` is between what the months
    before let expect it, and ``beside`` how an area or a team stands to the authority; None where that cannot be said.
    ``settle`` are the fewest records to put right that would settle its colour.
    ``nowcast`` is what late recording is expected to bring it to, for a measure that says what is entered late.
    """

    indicator: Indicator
    scope: Scope
    period: dt.date
    numerator: Number | None
    denominator: Number | None
    value: float | None
    number: str | None = None
    title: str = ""
    split: str = "all"
    target: float | None = None
    band: Band | None = None
    rag: str | None = None
    previous: float | None = None
    year_ago: float | None = None
    r3m: float | None = None
    r3m_rag: str | None = None
    low: float | None = None
    high: float | None = None
    rag_low: str | None = None
    rag_high: str | None = None
    open_exceptions: int = 0
    open_queries: int = 0
    unchecked: int = 0
    available: bool = True
    note: str = ""
    history: tuple[tuple[dt.date, float | None], ...] = ()
    counts: tuple[tuple[dt.date, Number | None, Number | None], ...] = ()
    published: tuple[AsPublished, ...] = ()
    usual: tuple[float, float] | None = None
    beside: Apart | None = None
    settle: Settle | None = None
    nowcast: Nowcast | None = None

    @property
    def unusual(self) -> Apart | None:
        """How it stands to the months before; None where that cannot be said."""
        if self.usual is None or self.value is None:
            return None
        least, greatest = self.usual
        # As near as the sums of floating point come: a figure that never moved is no news.
        if math.isclose(self.value, least, abs_tol=1e-9) or math.isclose(self.value, greatest, abs_tol=1e-9):
            return "within"
        return "below" if self.value < least else "above" if self.value > greatest else "within"

    @property
    def measure(self) -> str:
        """The id of what was worked out: the indicator's, with its split where it is one."""
        return split_id(self.indicator.id, self.split)

    @property
    def key(self) -> tuple[str, str | None, str]:
        """What tells the line of a scorecard that it is the figure of: its measure, number and title."""
        return self.measure, self.number, self.title

    @property
    def meets_target(self) -> bool | None:
        """Whether it is as good as its target; None without one, or where neither way is better."""
        if self.value is None or self.target is None or self.indicator.polarity in {Polarity.NONE, Polarity.TARGET}:
            return None
        if self.indicator.polarity is Polarity.HIGH:
            return self.value >= self.target
        return self.value <= self.target

    @property
    def settled(self) -> bool | None:
        """Whether the whole of the range is of one colour; None where there is no colour.

        While a rule that feeds the figure has not run, nothing is settled.
        """
        if self.rag is None:
            return None
        known = self.rag_low is not None and self.rag_high is not None
        return known and not self.unchecked and self.colours == {self.rag}

    @property
    def colours(self) -> frozenset[str]:
        """The colours that the range holds, and that of the figure; of a range not known, that of the figure alone."""
        ends = (self.rag, self.rag_low, self.rag_high)
        between = ""
        if self.band is not None and self.low is not None and self.high is not None:
            between = self.band.zones[self.band.zone(self.low) : self.band.zone(self.high) + 1]
        return frozenset(letter for letter in (*ends, *between) if letter)

    @property
    def since_last_month(self) -> Direction | None:
        """How it moved since last month, from the same records or, where that stands, from what was published."""
        return self._since(1, self.previous)

    @property
    def since_last_year(self) -> Direction | None:
        """How it moved since the same month a year ago, likewise."""
        return self._since(12, self.year_ago)

    def published_for(self, months: int) -> AsPublished | None:
        """Return what was published for so many months before its own; None where nothing is known to have been."""
        month = self.period.year * 12 + self.period.month - months
        return next((one for one in self.published if one.end.year * 12 + one.end.month == month), None)

    @property
    def months_published(self) -> frozenset[dt.date]:
        """The month ends of its history at which what was published stands."""
        return frozenset(one.end for one in self.published if one.stands)

    @property
    def restated(self) -> tuple[AsPublished, ...]:
        """The months of which the records now say something else, by over half a point, or a hundredth of a number."""
        return tuple(one for one in self.published if one.differs and self._is_far(one))

    def _is_far(self, one: AsPublished) -> bool:
        far = _FAR_POINTS if self.indicator.unit is Unit.PERCENT else _FAR_SHARE * one.value
        return one.recorded is not None and abs(one.recorded - one.value) > far + 1e-9

    def _since(self, months: int, then: float | None) -> Direction | None:
        published = self.published_for(months)
        # What was printed is rounded: where the figure prints the same, nobody can tell whether it moved.
        level = published is not None and published.stands and published.is_printed_as(self.value)
        return direction(then if level else self.value, then, self.indicator.polarity, self.target)
