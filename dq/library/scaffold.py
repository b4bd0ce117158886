"""A new rule's file, with examples that hold: something that runs, for its author to change."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from dq.contracts.dated_codes import dating_column
from dq.library.policy import Library
from dq.model import CodeList, Column, ColumnType, Contract
from dq.problems import nearest, refuse

_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*$")
_DAYS = (ColumnType.DATE, ColumnType.DATETIME)
_WITHIN, _BEFORE, _PERIOD = "2017-05-10", "2016-11-02", "2017-05-31"
"""A day in the period of the examples, a day before it, and the period's end."""

Row = dict[str, str]


@dataclass(frozen=True)
class Start:
    """What a new rule begins with: the column expected to be filled in, and which records that is expected of."""

    column: str
    where: str
    in_scope: Row
    out_of_scope: Row | None


def new_rule(library: Library, folder: Path, name: str, on: str, topic: str | None = None) -> Path:
    """Write ``rules/<dataset>/<topic>/<name>.yaml`` under ``folder`` and return its path.

    ``topic`` is by default the extract's name. Nothing is overwritten. Raises ProblemsError for a name that is
    taken or is not one, and for an extract that is not there.
    """
    topic = topic or on.replace("_", "-")
    for said in (name, topic):
        if not _NAME.match(said):
            raise refuse(f"'{said}' cannot name a rule or topic.", instead="Use small letters, digits and hyphens.")
    if on not in library.contracts:
        view = " It is a view: begin with an extract, then change 'on'." if on in library.views else ""
        raise refuse(f"there is no extract '{on}'.{view}", instead=None if view else nearest(on, library.contracts))
    if name in library.rules:
        raise refuse(f"there is a rule '{name}' already.", library.rules[name].rule.path, 1, "Choose another name.")
    path = folder / "rules" / library.dataset / topic / f"{name}.yaml"
    if path.exists():
        raise refuse("there is a file here already.", path, 1, "Choose another name.")
    text = rule_text(name, library.contracts[on], library.code_lists)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")
    return path


def rule_text(name: str, contract: Contract, code_lists: Mapping[str, CodeList]) -> str:
    """Return the text of a new rule about an extract: one column filled in, with examples of all three kinds."""
    start = _start(contract, code_lists)
    label = contract.columns[start.column].label
    title = name.replace("-", " ").capitalize()
    filled = {start.column: _made_up(start.column, contract, code_lists)}
    examples = [
        _example("not filled in", contract, {**start.in_scope}, "flags: [R1]", "in_scope: 1"),
        _example("filled in", contract, {**start.in_scope, **filled}, "in_scope: 1"),
    ]
    if start.out_of_scope is not None:
        examples.append(_example("not a record the rule is about", contract, start.out_of_scope, "in_scope: 0"))
    return f"""\
# Made by dq rules new. Change it line by line, and run: dq rules test {name}
title: {title}
severity: error                 # error: wrong. query: may be right. information: only worth knowing
dimension: completeness         # completeness, uniqueness, consistency, timeliness, validity or accuracy
status: shadow                  # shadow: it runs, and is counted nowhere. Then: active
on: {contract.name}
where: {_written(start.where) if start.where == "true" else start.where}
expect: {start.column} is not null
fields: [{start.column}]
message: {json.dumps(f"{label[:1].upper()}{label[1:]} is not filled in", ensure_ascii=False)}
owner: team_now                 # or team_at_event: who held the case on the day it happened
why: Say which figure or decision goes wrong while this stands.
fix: Say what to change, on which screen of the case system.
source: Say where the expectation comes from.
examples:
{"".join(examples)}"""


def _start(contract: Contract, code_lists: Mapping[str, CodeList]) -> Start:
    """Choose a column that may be empty, and a condition that some records meet and others do not."""
    others = [name for name in contract.columns if name != contract.key]
    if not others:
        raise refuse(f"extract '{contract.name}' has no column besides its key, so there is nothing to expect of it.")
    days = {contract.event, contract.entered}
    free = [name for name in others if not contract.columns[name].required and name not in days]
    column = (free or others)[0]
    required = _required(contract, code_lists)
    if contract.event is not None and contract.event != column:
        day = (
            contract.event
            if contract.columns[contract.event].type is ColumnType.DATE
            else f"cast({contract.event} as date)"
        )
        where = f"{day} between :period_start and :period_end"
        rows = ({**required, contract.event: _WITHIN}, {**required, contract.event: _BEFORE})
        return Start(column, where, *(_without(row, column) for row in rows))
    of = next((name for name in others if name != column), None)
    if of is None:
        return Start(column, "true", _without(required, column), None)
    some = {**required, of: _made_up(of, contract, code_lists)}
    return Start(column, f"{of} is not null", _without(some, column), _without(_without(some, of), column))


def _without(row: Row, column: str) -> Row:
    return {name: value for name, value in row.items() if name != column}


def _required(contract: Contract, code_lists: Mapping[str, CodeList]) -> Row:
    needed = [name for name, column in contract.columns.items() if column.required or name == contract.key]
    key = {contract.key: "R1"} if contract.key_of else {}
    return key | {name: _made_up(name, contract, code_lists) for name in needed}


def _made_up(name: str, contract: Contract, code_lists: Mapping[str, CodeList]) -> str:
    """Return a value the contract accepts for a column, as an example writes it."""
    column = contract.columns[name]
    if name == contract.key:
        return "R1"
    if column.codes is not None:
        return _code(contract, column, code_lists[column.codes])
    if column.type in _DAYS:
        return _WITHIN
    if column.type in {ColumnType.INTEGER, ColumnType.NUMBER}:
        return str(int(column.at_least or 0))
    return "C1" if name == contract.person else "X1"


def _code(contract: Contract, column: Column, codes: CodeList) -> str:
    """Return a code that can be used in the period of the examples."""
    day = _WITHIN if dating_column(contract, column) else _PERIOD
    for code, about in codes.codes.items():
        if (about.since is None or str(about.since) <= day) and (about.until is None or day <= str(about.until)):
            return code
    return next(iter(codes.codes))


def _example(name: str, contract: Contract, row: Row, *ends: str) -> str:
    cells = ", ".join(f"{column}: {_written(value)}" for column, value in row.items())
    given = f"  - name: {name}\n    given:\n      {contract.name}:\n        - {{{cells}}}\n"
    return given + f"    period: {_PERIOD}\n" + "".join(f"    {end}\n" for end in ends)


def _written(value: str) -> str:
    """Return a value as YAML: in quotes unless it is plainly a text, a number or a date."""
    plain = re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9 _-]*", value) and value.lower() not in {"null", "true", "false"}
    return value if plain else json.dumps(value, ensure_ascii=False)
