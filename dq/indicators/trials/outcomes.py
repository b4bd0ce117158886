"""What each child could add to a figure, however its records are put right: every way tried.

Where an error leaves cells of its own record open that can hold but a few values that matter, the child is copied once
for each, and once for each choice of several, and the views are worked out of the copies. So what follows from a value
is not reasoned about but seen: a visit of long ago leaves a child as it was. Every record may be put right, or left.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from dq.engine.compile import dates_at
from dq.indicators.compute import Aggregates, plain, used_columns
from dq.indicators.ends import Way
from dq.indicators.trials.apart import Apart, named_extracts
from dq.indicators.trials.batches import side_by_side, some_at_a_time
from dq.indicators.trials.cells import Asked, Group, Open, Question, asked_of, own_columns, reads_of
from dq.indicators.trials.copies import Beside, Copy, drop_forbidden, make_copies, shared_views, work_out_copies
from dq.indicators.trials.postcodes import (
    add_nowhere,
    is_postcode,
    looked_at,
    rows_of_copies,
)
from dq.indicators.trials.tried import Parts, Tried
from dq.indicators.trials.ways import every_way
from dq.library.opened import opened_by
from dq.library.policy import Library
from dq.model import Severity
from dq.workspace import Workspace, name

if TYPE_CHECKING:
    import pyarrow as pa


def try_all(
    workspace: Workspace, library: Library, questions: Sequence[Question], period: dt.date
) -> list[dict[str, Tried]]:
    """Return for each question child → what was tried; children of whom not every way can be tried are left out.

    The views must stand as at ``period``.
    """
    apart = Apart(library)
    asked = _asked(workspace, library, questions, apart)
    asking: dict[Group, list[int]] = {}
    for number, of in enumerate(asked):
        for one in of.values():
            asking.setdefault(one.group, []).append(number)
    told = _told(workspace, library, apart, questions, asked, asking, period)
    found = [dict[str, Tried]() for _ in questions]
    copies = some_at_a_time(every_way(workspace, library, apart, questions, asking, period))
    for tried in side_by_side(lambda some: _work_out(workspace, told, some), copies):
        for number, children in tried.items():
            found[number].update(children)
    return found


@dataclass(frozen=True)
class _Told:
    """What there is to know before any copies are worked out, as no thread may ask the run's own connection.

    Of each group, by its number, ``asking`` are the questions that ask of it and ``needed`` the extracts that its
    copies must have; ``used`` are the columns of views, ``shared`` the views of no child, ``beside`` what is open and
    not tried. Of each question ``figured`` is the SQL of what a child adds, and ``now`` what it does as recorded.
    """

    library: Library
    questions: Sequence[Question]
    asked: Sequence[Mapping[str, Asked]]
    groups: Mapping[Group, int]
    asking: Mapping[int, Sequence[int]]
    needed: Mapping[int, frozenset[str]]
    used: Mapping[str, Collection[str]]
    period: dt.date
    shared: Mapping[str, pa.Table]
    beside: Beside
    figured: Sequence[str]
    now: Sequence[Mapping[str, Parts]]


def _told(
    workspace: Workspace,
    library: Library,
    apart: Apart,
    questions: Sequence[Question],
    asked: Sequence[Mapping[str, Asked]],
    asking: Mapping[Group, Sequence[int]],
    period: dt.date,
) -> _Told:
    used: dict[str, set[str]] = defaultdict(set)
    for question, of in zip(questions, asked, strict=True):
        if of:
            used[question.base.on] |= used_columns(library, question.base.on, [question.base])
    beneath = {on: named_extracts(library, on) for on in used}
    groups = {group: i for i, group in enumerate(asking)}
    needed = {
        groups[group]: frozenset(extract for extract, *_ in group.cells).union(
            *(beneath[questions[number].base.on] for number in by)
        )
        for group, by in asking.items()
    }
    aggregates = Aggregates(library)
    figured = [_figured(question, aggregates) for question in questions]
    now = [
        _as_recorded(workspace, question, sql, of, period)
        for question, sql, of in zip(questions, figured, asked, strict=True)
    ]
    numbers = {groups[group]: by for group, by in asking.items()}
    shared = shared_views(workspace, apart, used)
    beside = _beside(workspace, library, questions, groups)
    return _Told(library, questions, asked, groups, numbers, needed, used, period, shared, beside, figured, now)


def _beside(
    workspace: Workspace, library: Library, questions: Sequence[Question], groups: Mapping[Group, int]
) -> Beside:
    """Return the columns of the groups' records that errors leave open, though they are not among what is tried.

    Queries leave cells open where they touch figures too.
    """
    severities = {Severity.ERROR, *(rule.rule.severity for question in questions for rule in question.rules)}
    rows = workspace.execute(
        "SELECT DISTINCT rule_id, extract, record_key FROM exceptions "
        "WHERE state <> 'waived' AND severity IN (SELECT unnest($severities)) AND record_key IS NOT NULL",
        {"severities": sorted(severity.value for severity in severities)},
    ).fetchall()
    left_open: dict[tuple[str, str], set[str]] = defaultdict(set)
    for rule, extract, key in rows:
        opened = opened_by(library, library.rules[rule].rule)
        left_open[extract, key] |= {column for of, column in opened.own | opened.elsewhere if of == extract}
    found: dict[tuple[int, str, str], Collection[str]] = {}
    for group, number in groups.items():
        for record in {cell[:2] for cell in group.cells}:
            found[number, *record] = left_open[record] - {cell[2] for cell in group.cells if cell[:2] == record}
    return found


def _work_out(workspace: Workspace, told: _Told, copies: Sequence[Copy]) -> dict[int, dict[str, Tried]]:
    """Return by question what was tried of the children of these copies."""
    library, people = told.library, {copy.group: copy.person for copy in copies}
    asked: dict[int, dict[str, Asked]] = defaultdict(dict)
    for group, person in people.items():
        for number in told.asking[group]:
            asked[number][person] = told.asked[number][person]
    # A view that nobody asks for here would be worked out of every child's own records.
    used = {on: told.used[on] for on in sorted({told.questions[number].base.on for number in asked})}
    with workspace.beside() as place:
        make_copies(place, library, copies, {group: told.needed[group] for group in people}, told.beside)
        add_nowhere(place, library, copies)
        drop_forbidden(place, library, copies, told.period)
        work_out_copies(place, library, told.shared, used, told.period)
        batch = _batch(place, told.groups, copies)
        return {number: dict(_tried(told, batch, number, of)) for number, of in asked.items()}


@dataclass(frozen=True)
class _Batch:
    """Copies whose views were worked out together in a place; ``left`` has those of each group that policy allows."""

    place: Workspace
    groups: Mapping[Group, int]
    copies: Sequence[Copy]
    left: Mapping[int, Sequence[int]]


def _batch(place: Workspace, groups: Mapping[Group, int], copies: Sequence[Copy]) -> _Batch:
    left: dict[int, list[int]] = defaultdict(list)
    for (number,) in place.execute("SELECT copy FROM trial_copy ORDER BY copy").fetchall():
        left[copies[number].group].append(number)
    return _Batch(place, groups, copies, left)


def _asked(
    workspace: Workspace, library: Library, questions: Sequence[Question], apart: Apart
) -> list[dict[str, Asked]]:
    """Return for each question what is to be tried, by child."""
    rules = {rule.rule.id for question in questions for rule in question.rules}
    by_person: dict[str, list[Open]] = defaultdict(list)
    rows = workspace.execute(
        "SELECT exception_id, rule_id, person_id, extract, record_key FROM exceptions "
        "WHERE state <> 'waived' AND person_id IS NOT NULL AND record_key IS NOT NULL ORDER BY ALL"
    ).fetchall()
    for row in rows:
        if row[1] in rules:
            by_person[row[2]].append(Open(*row))
    found: list[dict[str, Asked]] = []
    for question in questions:
        if not question.rules or not apart.holds(question.base.on):
            found.append({})
            continue
        reads = reads_of(library, question.bound, question.base)
        columns = {rule.rule.id: own_columns(library, rule, question.base, reads) for rule in question.rules}
        found.append(asked_of(columns, by_person))
    return found


def _figured(question: Question, aggregates: Aggregates) -> str:
    """Return the SQL of what a row's team is, and of what the rows add to a figure: to the numerator and below."""
    of, per = aggregates.of(question.bound, question.base, question.months)[::-1]
    return f"{name(question.base.on)}.team_id, {of}, {per}"


def _as_recorded(
    workspace: Workspace, question: Question, figured: str, asked: Collection[str], period: dt.date
) -> Mapping[str, Parts]:
    """Return what each child that a question asks of adds to it as recorded."""
    if not asked:
        return {}
    view = name(question.base.on)
    return _parts(workspace.execute(
        f"SELECT {view}.person_id, {figured} FROM {view} "
        f"WHERE {view}.person_id IN (SELECT unnest($people)) GROUP BY ALL",
        dates_at(period, [question.months]) | {"people": sorted(asked)},
    ).fetchall())  # fmt: skip


def _tried(told: _Told, batch: _Batch, number: int, asked: Mapping[str, Asked]) -> Iterator[tuple[str, Tried]]:
    """Yield each child a question asks of, if all was tried and its copy as recorded adds what it does itself."""
    question = told.questions[number]
    here = {person: one for person, one in asked.items() if batch.left.get(batch.groups[one.group])}
    if not here:
        return
    view, groups = name(question.base.on), sorted({batch.groups[one.group] for one in here.values()})
    added = _parts(batch.place.execute(
        f"SELECT copy, {told.figured[number]} FROM {view} JOIN trial_copy ON copy_id = {view}.person_id "
        "WHERE of_group IN (SELECT unnest($groups)) GROUP BY ALL",
        dates_at(told.period, [question.months]) | {"groups": groups},
    ).fetchall())  # fmt: skip
    looking = _looking(told.library, batch, question.base.on, here)
    for person, one in here.items():
        if person in looking:
            continue
        left = batch.left[batch.groups[one.group]]
        tried = [(batch.copies[copy].chosen, added.get(copy, ())) for copy in left]
        now = told.now[number].get(person, ())
        if tried[0] == (tuple(0 for _ in one.group.cells), now):
            yield person, Tried(now, tried, one.open_by)


def _looking(library: Library, batch: _Batch, on: str, asked: Mapping[str, Asked]) -> set[str]:
    """Return the children whose rows of a view look at a postcode in doubt: what these could add is not known."""
    at = {
        batch.groups[one.group]: [i for i, cell in enumerate(one.group.cells) if is_postcode(library, cell)]
        for one in asked.values()
    }
    at = {group: cells for group, cells in at.items() if cells}
    if not at:
        return set()
    made: dict[int, list[Copy]] = defaultdict(list)
    for copy in batch.copies:
        if copy.group in at:
            made[copy.group].append(copy)
    rows = rows_of_copies(batch.place, on, sorted(at))
    found = set()
    for person, one in asked.items():
        group = batch.groups[one.group]
        if group in at:
            came = {batch.copies[copy].chosen: rows.get(copy) for copy in batch.left[group]}
            if looked_at(one.group.cells, at[group], made[group], came):
                found.add(person)
    return found


def _parts(rows: Iterable[tuple[Any, ...]]) -> dict[Any, Parts]:
    """Return by child or copy what it adds to each team's figure; what adds nothing is left out."""
    found: dict[Any, list[tuple[str | None, Way]]] = defaultdict(list)
    for whose, team, of, per in rows:
        if of or per:
            found[whose].append((team, (plain(of or 0), plain(per or 0))))
    return {whose: tuple(sorted(parts, key=lambda part: part[0] or "")) for whose, parts in found.items()}
