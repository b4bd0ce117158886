"""Figures as they were published before, beside what the records now say of the same months.

The file is held against the policy before any record is read, and against the teams as soon as they are known.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from dq.library.policy import Library
from dq.model import AsPublished, Figure, Number, Project, Scope, Scorecard, Unit, split_id
from dq.periods import months_before
from dq.problems import Problem, nearest
from dq.sources.history_file import PublishedRow, history_files, read_history
from dq.sources.small_file import raise_some

_Key = tuple[str, str, str]
"""(indicator id, split, scope id)."""
_SHARE = 100.0


@dataclass(frozen=True)
class PublishedBefore:
    """The figures of a project's history file; ``over_records``: they stand where the records reach as well.

    ``earlier`` are those that the ledger knows, which stand behind the file's; a team that there is no more has none.
    """

    rows: tuple[PublishedRow, ...]
    over_records: bool
    mark: str
    earlier: tuple[PublishedRow, ...] = ()

    def by_figure(self, scopes: Sequence[Scope]) -> Mapping[_Key, tuple[PublishedRow, ...]]:
        """Return the rows of each figure, latest month first.

        Raises ProblemsError for a row of a team or an area that there is not, and for two that say different things.
        """
        found: dict[_Key, dict[dt.date, PublishedRow]] = defaultdict(dict)
        faults: list[Problem] = []
        for row in self.rows:
            named = meant(row, scopes)
            if len(named) != 1:
                faults.append(not_meant(row, named, scopes))
                continue
            (scope,) = named
            other = found[row.indicator, row.split, scope.id].setdefault(row.end, row)
            if other.value != row.value:
                what = f"'{row.indicator}' for {scope.name} in {row.end:%Y-%m} is {row.value:g} here"
                there = f"and {other.value:g} in {other.path.name}:{other.line}."
                faults.append(Problem(f"{what} {there}", row.path, row.line, "Keep one row."))
        raise_some(faults)
        for row in self.earlier:
            for scope in meant(row, scopes):
                found[row.indicator, row.split, scope.id].setdefault(row.end, row)
        return {key: tuple(sorted(rows.values(), key=lambda row: row.end, reverse=True)) for key, rows in found.items()}


def published_before(
    project: Project, library: Library, card: Scorecard, period: dt.date, earlier: Sequence[PublishedRow] = ()
) -> PublishedBefore | None:
    """Return the figures of a project's history file and those ``earlier`` ones that the ledger knows; None of none.

    Raises ProblemsError for a file that is not what it should be: an indicator or split that there is not, one of
    another stretch of time than the scorecard's, a share that is none. Months after ``period`` are left out: a month
    may be run again, and its history has grown since.
    """
    shown = {line.measure for line in card.lines}
    earlier = tuple(row for row in earlier if split_id(row.indicator, row.split) in shown)
    if project.history is None:
        return PublishedBefore((), over_records=False, mark="", earlier=earlier) if earlier else None
    files = history_files(project.folder / project.history.file, project.path)
    rows = [row for path in files for row in read_history(path)]
    kinds = {line.measure: library.measure(line).indicator.period.value for line in card.lines}
    faults = [
        Problem(what, row.path, row.line, instead) for row in rows for what, instead in faults_of(row, library, kinds)
    ]
    raise_some(faults)
    mark = hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()[:16]
    known = [row for row in rows if row.end <= period]
    return PublishedBefore(_with_decimals(known, library), project.history.stands == "published", mark, earlier)


def faults_of(
    row: PublishedRow, library: Library, kinds: Mapping[str, str] = MappingProxyType({})
) -> Iterator[tuple[str, str | None]]:
    """Yield what is wrong with a figure, and what would be right; ``kinds`` says over how long a scorecard gives it."""
    bound = library.indicators.get(row.indicator)
    if bound is None:
        yield f"there is no indicator '{row.indicator}'.", nearest(row.indicator, library.indicators)
        return
    if row.split != "all" and row.split not in bound.splits:
        hint = nearest(row.split, bound.splits) or "It has none."
        yield f"indicator '{row.indicator}' has no split '{row.split}'.", hint
    kind = kinds.get(split_id(row.indicator, row.split))
    if kind is not None and row.period_kind not in {None, kind}:
        what = f"'{row.indicator}' is here of another stretch of time, '{row.period_kind}'."
        yield what, f"The scorecard gives it as '{kind}': leave the row out."
    unit = bound.indicator.unit
    if unit is Unit.PERCENT and bound.ratio is None and not 0 <= row.value <= _SHARE:
        yield f"'{row.indicator}' is {row.value:g}, and a share is from 0 to 100.", "Write 81% as 81.0."
    elif unit is Unit.COUNT and row.value < 0:
        yield f"'{row.indicator}' is {row.value:g}, and a count is not below 0.", None


def _with_decimals(rows: Iterable[PublishedRow], library: Library) -> tuple[PublishedRow, ...]:
    """Return the rows with one decimal, as pages print them, or none where the whole unit was printed without.

    A single 81 may have been 81.0: a spreadsheet drops the nought.
    """
    held = list(rows)
    units = [library.indicators[row.indicator].indicator.unit for row in held]
    broken = {unit for row, unit in zip(held, units, strict=True) if row.decimals}
    return tuple(replace(row, decimals=int(unit in broken)) for row, unit in zip(held, units, strict=True))


def meant(row: PublishedRow, scopes: Sequence[Scope]) -> list[Scope]:
    """Return whom a row may be about: by id, else by name; the authority where it names nobody."""
    there = [scope for scope in scopes if row.scope_type in {None, scope.type}]
    if row.scope_id is None and row.scope_name is None:
        return [scope for scope in there if scope.type == "authority"]
    named = (row.scope_name or "").casefold()
    return [scope for scope in there if scope.id == row.scope_id] or [
        scope for scope in there if scope.name.casefold() == named
    ]


def not_meant(row: PublishedRow, named: Sequence[Scope], scopes: Sequence[Scope]) -> Problem:
    """Return what is wrong with a row that is about none, or about one of two that are called the same."""
    asked = row.scope_name or row.scope_id or ""
    what = f"two are called '{asked}'." if named else f"there is no team or area '{asked}'."
    hint = "Give its 'scope_id'." if named else nearest(asked, [one.name for one in scopes])
    return Problem(what, row.path, row.line, hint)


def with_published(figure: Figure, rows: Sequence[PublishedRow], *, over_records: bool) -> Figure:
    """Return a figure with what was published of it, in its history where that stands or the records give none."""
    if not rows:
        return figure
    recorded = {**dict(figure.history), figure.period: figure.value}
    published = tuple(
        AsPublished(
            row.end, row.value, row.decimals, recorded.get(row.end),
            stands=row.end < figure.period and (over_records or recorded.get(row.end) is None),
        )
        for row in rows
    )  # fmt: skip
    history = dict(figure.history) | {one.end: one.value for one in published if one.stands}
    return replace(
        figure,
        published=published,
        history=tuple(sorted(history.items())),
        counts=_counts(figure, rows, {one.end for one in published if one.stands}),
        previous=history.get(months_before(figure.period, 1), figure.previous),
        year_ago=history.get(months_before(figure.period, 12), figure.year_ago),
    )


def _counts(
    figure: Figure, rows: Sequence[PublishedRow], standing: set[dt.date]
) -> tuple[tuple[dt.date, Number | None, Number | None], ...]:
    """Return what each month was made of: as published where that is known, else as the records say."""
    counts = {end: (end, numerator, denominator) for end, numerator, denominator in figure.counts}
    for row in rows:
        if row.end in standing and row.denominator is not None:
            counts[row.end] = (row.end, row.numerator, row.denominator)
        elif row.end in standing and figure.indicator.unit is Unit.COUNT:
            counts[row.end] = (row.end, None, row.value)
    return tuple(counts[end] for end in sorted(counts))
