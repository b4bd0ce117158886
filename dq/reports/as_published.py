"""Earlier months as they were published: how pages and workbooks say so, and what the records now say of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal, cast

from dq.model import AsPublished, Figure
from dq.reports.words import month, number

MARK = "○"
"""Stands beside a value as published, and is its mark on a chart; the words are never far from it."""
_COMPARED = (1, 12)
_NAMED = 3


def source(figure: Figure, months: int) -> str:
    """Return where a figure's value of so many months before comes from: ``published``, ``records``, or nothing."""
    known = figure.previous if months == 1 else figure.year_ago
    one = figure.published_for(months)
    return "" if known is None else "published" if one is not None and one.stands else "records"


def then(figure: Figure, months: int) -> float | None:
    """Return what was published for so many months before; None where nothing is known to have been."""
    one = figure.published_for(months)
    return None if one is None else one.value


def recorded(figure: Figure, months: int) -> float | None:
    """Return what the records now say of so many months before; None where they do not reach."""
    one = figure.published_for(months)
    if one is not None:
        return one.recorded
    return figure.previous if months == 1 else figure.year_ago


def beside(figure: Figure, months: int) -> str:
    """Return what is to be said after a figure's value of so many months before; nothing where the records tell all.

    A difference is told here only where the month counts as restated: the note has the smaller ones.
    """
    one = figure.published_for(months)
    if one is None:
        return ""
    unit, far = figure.indicator.unit, one in figure.restated
    if not one.stands:
        return f"; published then {number(one.value, unit)}" if far else ""
    return f", as published; records now {number(one.recorded, unit)}" if far else ", as published"


def why(one: AsPublished, form: str = "{}") -> str:
    """Return in a form why the records no longer bear out what was published; nothing where that is not known."""
    return form.format(one.moved.told) if one.moved is not None and one.moved.told else ""


def cause(figure: Figure, months: int, name: Literal["late", "corrected", "redefined"]) -> int | None:
    """Return one of the causes for which so many months before is no longer as published; None where not known."""
    one = figure.published_for(months)
    return None if one is None or one.moved is None else cast("int", getattr(one.moved, name))


def note(figure: Figure) -> str:
    """Return what there is to note of a figure: its own note, and which months are as published."""
    return " ".join(filter(None, [figure.note, _standing(figure), *(f"{told}." for told in differences(figure))]))


def _standing(figure: Figure) -> str:
    standing = [one.end for one in figure.published if one.stands]
    more = len(standing) - _NAMED
    named = ", ".join(month(end) for end in standing[:_NAMED])
    return f"{named}{f' and {more} more' if more > 0 else ''} as published." if standing else ""


def differences(figure: Figure) -> Iterator[str]:
    """Yield of last month and a year ago what was published and what the records now say, where they differ."""
    unit = figure.indicator.unit
    for one in (figure.published_for(months) for months in _COMPARED):
        if one is not None and one.differs:
            then, now = number(one.value, unit), number(one.recorded, unit)
            yield f"{month(one.end)}: published then {then}, the records now say {now}{why(one, ' ({})')}"


@dataclass(frozen=True)
class Told:
    """One month of a figure for which something was published."""

    figure: Figure
    month: AsPublished

    @property
    def why(self) -> str:
        """Why the two differ, in words; nothing where that is not known."""
        return why(self.month)

    @property
    def off(self) -> float | None:
        """How far what the records now say is from what was published; None where they do not reach."""
        return None if self.month.recorded is None else self.month.recorded - self.month.value


def told(figures: Iterable[Figure]) -> list[Told]:
    """Return every month for which something was published, figure by figure, the latest first."""
    return [Told(figure, one) for figure in figures for one in figure.published]


def restated(figures: Iterable[Figure]) -> list[Told]:
    """Return the months of the authority's figures that the records no longer bear out, the latest first."""
    whole = [figure for figure in figures if figure.scope.type == "authority"]
    found = [Told(figure, one) for figure in whole for one in figure.restated]
    return sorted(found, key=lambda one: one.month.end, reverse=True)
