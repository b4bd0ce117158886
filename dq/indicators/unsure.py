"""The rows of a figure that may turn out several ways while errors are open, and what each way would add to it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from dq.engine.compile import dates_at
from dq.indicators.compute import AUTHORITY, ScopeKey
from dq.indicators.doubt import ROW, WHOSE, Doubt
from dq.indicators.doubted_rows import TeamsNamed, entrants, exceptions_anywhere, list_doubts, rows_in_doubt
from dq.indicators.ends import NOTHING, Way, Ways
from dq.indicators.kinds import Kind
from dq.indicators.trials.tried import Parts, Tried
from dq.library.policy import Base, BoundIndicator, BoundRule, Library
from dq.model import Number
from dq.workspace import Workspace, name


@dataclass(frozen=True)
class At:
    """Where the records are, the rules that found errors in them, and the day they are looked at."""

    workspace: Workspace
    library: Library
    rules: Sequence[BoundRule]
    period: dt.date
    areas: Mapping[str, str]
    units: Sequence[ScopeKey]
    teams_named: TeamsNamed

    def scopes_of(self, teams: Iterable[str]) -> set[ScopeKey]:
        """Return the scopes of some teams, but for the authority."""
        of = {("team", team) for team in teams}
        return of | {("area", self.areas[team]) for _, team in of if team in self.areas}


def beneath_or_above(way: Way, place: int) -> Way:
    """Return what a row of a ratio's first count adds to the ratio, above the line, or of its second, beneath it."""
    return (way[1], 0) if place == 0 else (0, way[1])


@dataclass(frozen=True)
class Unsure:
    """A row of a view, or a record that is in none, that may turn out several ways while some exceptions are open.

    ``now`` is what it adds as recorded, ``ways`` what it may add. One that ``moves`` is of its ``team`` or of one of
    ``may_be`` (of any, if that is None), because of the exceptions ``moving``. Where what it
    counts for is in doubt, ``ways`` are the ends, and it may be anything ``between``.
    """

    team: str | None
    now: Way
    ways: Ways
    exceptions: tuple[str, ...]
    moving: tuple[str, ...] = ()
    may_be: tuple[str, ...] | None = ()
    between: bool = False

    def placed(self, place: int) -> Unsure:
        """Return the row as one of the first count of a ratio, or of the second."""
        now, ways = beneath_or_above(self.now, place), frozenset(beneath_or_above(way, place) for way in self.ways)
        return replace(self, now=now, ways=ways)

    @property
    def rests_on_one(self) -> bool:
        """Whether a single exception leaves it unsure."""
        return len({*self.exceptions, *self.moving}) == 1

    def in_scopes(self, at: At) -> Iterator[tuple[ScopeKey, Way, Ways, tuple[str, ...]]]:
        """Yield each scope it may be of, with what it adds there now and may add, and the exceptions that say so."""
        if len(self.ways) > 1:
            yield AUTHORITY, self.now, self.ways, self.exceptions
        elif not self.moving:
            return
        here = at.scopes_of([self.team] if self.team is not None else [])
        if not self.moving:
            for scope in sorted(here):
                yield scope, self.now, self.ways, self.exceptions
            return
        may_leave = self.ways | {NOTHING}
        # Between the teams of one area it moves without leaving it; that it may leave is sound, and hardly wider.
        for scope in sorted(here.union(at.units if self.may_be is None else at.scopes_of(self.may_be))):
            yield scope, self.now if scope in here else NOTHING, may_leave, (*self.exceptions, *self.moving)


@dataclass(frozen=True)
class Child:
    """A child whose records could be put right in ways that were all tried: what it then adds, to each team's figure.

    ``now`` is what it adds as recorded, ``outcomes`` are all that it may add.
    """

    now: Parts
    outcomes: frozenset[Parts]
    exceptions: tuple[str, ...]
    between = False

    def placed(self, place: int) -> Child:
        """Return the child as one of the first count of a ratio, or of the second."""

        def moved(parts: Parts) -> Parts:
            return tuple((team, beneath_or_above(way, place)) for team, way in parts)

        return Child(moved(self.now), frozenset(map(moved, self.outcomes)), self.exceptions)

    def in_scopes(self, at: At) -> Iterator[tuple[ScopeKey, Way, Ways, tuple[str, ...]]]:
        """Yield each scope it may be of, with what it adds there now and may add, and the exceptions that say so."""
        teams = {team for parts in self.outcomes for team, _ in parts if team is not None}
        for scope in (AUTHORITY, *sorted(at.scopes_of(teams))):
            ways = frozenset(_within(parts, scope, at) for parts in self.outcomes)
            if len(ways) > 1:
                yield scope, _within(self.now, scope, at), ways, self.exceptions


def _within(parts: Parts, scope: ScopeKey, at: At) -> Way:
    """Return what a child adds to the figure of a scope."""
    level, of = scope
    here = [
        way
        for team, way in parts
        if level == "authority" or (team if level == "team" else at.areas.get(team or "")) == of
    ]
    return sum(way[0] for way in here), sum(way[1] for way in here)


@dataclass(frozen=True)
class InDoubt:
    """What is in doubt of one figure: rows and children, and the exceptions by which a record may be somebody else's.

    ``rows`` are as all open exceptions leave them, ``by_exception`` as each alone does. ``lost`` says of an exception
    how a row of anybody's might change by it, in any of the ``teams`` that have rows.
    """

    rows: tuple[Unsure | Child, ...]
    by_exception: tuple[Unsure | Child, ...]
    lost: Mapping[str, Ways]
    teams: frozenset[str] = frozenset()


def in_doubt(
    at: At, bound: BoundIndicator, base: Base, doubts: Sequence[Doubt], months: int, tried: Mapping[str, Tried]
) -> InDoubt | None:
    """Return what is in doubt of the rows of a base; None where nobody can say how far a row's value may lie.

    Of a child that was ``tried``, it is what was found; of all others, what logic says of their rows.
    """
    kind = Kind.of(at.library, bound, base)
    list_doubts(at.workspace, base.on, doubts)
    teams_named, signs = at.teams_named.of(base), {sign for _, sign, _ in doubts}
    outside: list[tuple[Any, ...]] = []
    if ROW in signs:
        outside = at.workspace.execute(f"FROM {entrants(at.library, base, teams_named)}").fetchall()
    each = _rows(at, base, months, teams_named) if signs - {WHOSE} else []
    inside = [row[1:] for row in each if row[0] is None]
    doubted = [(person, {*exceptions, *moving}) for person, _, exceptions, moving, *_ in inside]
    tried = _wholly_tried(tried, [*doubted, *((person, set(exceptions)) for person, _, exceptions, *_ in outside)])
    inside, outside = ([row for row in rows if row[0] not in tried] for rows in (inside, outside))
    several = [row[1:] for row in each if row[0] is not None and row[1] not in tried]
    lost_by = exceptions_anywhere(at.workspace) if WHOSE in signs else frozenset[str]()
    if kind is None and (inside or outside or lost_by):
        return None
    children = _children_in_order(Child(one.now, one.outcomes, one.that_matter()) for one in tried.values())
    alone = _children_in_order(
        Child(one.now, one.alone(by), (by,)) for one in tried.values() for by in sorted(one.open_by)
    )
    if kind is None:
        return InDoubt(tuple(children), tuple(alone), {})
    entering = _in_order(_entrant(row, kind) for row in outside)
    recorded = _in_order(_unsure(row, kind) for row in inside)
    lost = dict.fromkeys(lost_by, kind.elsewhere())
    teams = _teams(at, base) if lost else frozenset()
    on_one = (row for row in recorded if row.rests_on_one)
    by_exception = _in_order((*on_one, *(_unsure(row, kind) for row in several)))
    by_exception += [
        replace(row, exceptions=(one,), moving=(one,) if row.moving else ())
        for row in entering
        for one in row.exceptions
    ]
    return InDoubt((*recorded, *entering, *children), (*by_exception, *alone), lost, teams)


def _children_in_order(children: Iterable[Child]) -> list[Child]:
    return sorted(children, key=lambda one: (one.exceptions, str(one.now)))


def _wholly_tried(tried: Mapping[str, Tried], rows: Iterable[tuple[str | None, set[str]]]) -> dict[str, Tried]:
    """Return those children of whose rows no other exception leaves any in doubt than was tried."""
    more = {person for person, by in rows if person and person in tried and by - tried[person].open_by.keys()}
    return {person: one for person, one in tried.items() if person not in more}


def _teams(at: At, base: Base) -> frozenset[str]:
    listed = at.workspace.execute(f"SELECT DISTINCT team_id FROM {name(base.on)} WHERE team_id IS NOT NULL")
    return frozenset(team for (team,) in listed.fetchall())


def _rows(at: At, base: Base, months: int, teams_named: str) -> list[tuple[Any, ...]]:
    """Return each row in doubt, and again for each exception ``alone`` where several put it in doubt."""
    return at.workspace.execute(
        f"""
        SELECT alone, person_id, team_id, exceptions, moving, may_be, belongs, met, counted, was_met,
               value, value_unsure, weight, weight_unsure
        FROM {rows_in_doubt(at.library, base, months, teams_named, by_exception=True)}
        WHERE belongs IS NULL OR (belongs AND (met IS NULL OR value_unsure OR weight_unsure OR len(moving) > 0))
        """,
        dates_at(at.period, [months]),
    ).fetchall()


def _in_order(rows: Iterable[Unsure]) -> list[Unsure]:
    """Return rows in an order of their own: of lists as short, the same is then found in every run."""
    return sorted(rows, key=lambda row: (row.team or "", row.exceptions, row.moving, row.now, sorted(row.ways)))


def _unsure(row: tuple[Any, ...], kind: Kind) -> Unsure:
    _, team, exceptions, moving, may_be, belongs, met, counted, was_met, value, value_unsure, weight, weight_unsure = (
        row
    )
    value, weight = _plain(value), _plain(weight)
    ways = kind.ways(
        belongs=belongs,
        met=(True, False) if met is None and kind.met else (bool(met),),
        values=kind.value if kind.value is not None and (value_unsure or value is None) else (value,),
        weights=kind.weight if kind.weight is not None and (weight_unsure or weight is None) else (weight,),
    )
    now = kind.way(met=bool(was_met), value=value, weight=weight) if counted else NOTHING
    between = bool(kind.value is not None and (value_unsure or value is None)) or bool(weight_unsure)
    teams = None if may_be is None and moving else tuple(may_be or ())
    return Unsure(team, now, ways, tuple(sorted(exceptions)), tuple(sorted(moving)), teams, between)


def _entrant(row: tuple[Any, ...], kind: Kind) -> Unsure:
    _, team, exceptions, moving, may_be = row
    teams = None if may_be is None and moving else tuple(may_be or ())
    return Unsure(
        team,
        NOTHING,
        kind.any_way(),
        tuple(sorted(exceptions)),
        tuple(sorted(exceptions)) if moving else (),
        teams,
        kind.value is not None or kind.weight is not None,
    )


def _plain(number: Any) -> Number | None:
    """Return a number of the workspace as one of ours, to four places as figures are summed."""
    return None if number is None else number if isinstance(number, int) else round(float(number), 4)
