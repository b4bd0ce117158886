"""The ledger as people ask it on a terminal: the runs there were, one of them, one exception, what lies between two."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dq.ledger.address import is_there
from dq.ledger.entries import content_of
from dq.ledger.queries import (
    Change,
    PastRun,
    decisions_on,
    entry_said,
    facts_of_run,
    figures_of,
    is_open,
    life_of,
    past_runs,
    rows_of_run,
    run_named,
    standing_at,
)
from dq.ledger.store import Ledger, open_ledger
from dq.ledger.tables import RULE_RESULT
from dq.ledger.verify import Verified, verify
from dq.model import Standing
from dq.problems import refuse
from dq.project import open_project
from dq.remember import NO_LEDGER
from dq.revisions import told

if TYPE_CHECKING:
    from sqlalchemy import Connection

_SHOWN = 20
_COUNTED = ("new", "reopened", "fixed", "blanked", "vanished", "out_of_scope")


@contextmanager
def ledger_of(place: Path) -> Iterator[Ledger]:
    """Open the ledger of a project that has one. Raises ProblemsError where there is none."""
    project = open_project(place)
    if project.ledger == NO_LEDGER:
        raise refuse("this project keeps no ledger.", project.path, instead="Take 'ledger: none' away.")
    if not is_there(project.ledger, project.folder, project.path):
        raise refuse(
            f"{place} has no ledger yet.",
            instead="Its first `dq run` makes it, or of a national return `dq check --enter`.",
        )
    with open_ledger(project.ledger, project.folder, project.path) as ledger:
        yield ledger


def history(place: Path, *, as_json: bool) -> str:
    """Return every run, oldest first: what was decided, and how the exceptions moved."""
    with ledger_of(place) as ledger, ledger.reading() as connection:
        runs = past_runs(connection)
    if as_json:
        return _json([_run(run) for run in runs])
    heads = ("entry", "month", "entered", "gate", "flagged", *(name.replace("_", " ") for name in _COUNTED))
    rows = [
        (
            str(run.entry), f"{run.period:%Y-%m}", run.at[:16].replace("T", " "), run.decision or "-",
            f"{run.flagged:,}", *(f"{run.changed.get(name, 0):,}" for name in _COUNTED),
        )
        for run in runs
    ]  # fmt: skip
    return _table(heads, rows) if rows else "no run yet"


def show(place: Path, what: str, *, as_json: bool) -> str:
    """Return one exception with all that happened to it, or one run (its id, its entry or its month).

    Raises ProblemsError where there is no such.
    """
    with ledger_of(place) as ledger, ledger.reading() as connection:
        life = life_of(connection, what)
        if life:
            return _json([_change(one) for one in life]) if as_json else _life(what, life)
        if what.isdecimal() and (said := entry_said(connection, int(what))) and said["kind"] not in {"run", "form"}:
            return _json(said)
        run = run_named(connection, what)
        facts, decisions = facts_of_run(connection, run), decisions_on(connection, run)
        revised = content_of(connection, run.entry).get("revisions", [])
        if as_json:
            said_of = {"facts": facts, "decisions": [dict(row._mapping) for row in decisions], "revisions": revised}
            return _json({**_run(run), **said_of})
    lines = [f"{run.run_id}  entry {run.entry}", f"{run.authority}, {run.period:%Y-%m}, entered {run.at[:19]}"]
    lines += [f"Decided  {row.decision} by {row.decided_by}. {row.why}".rstrip() for row in decisions]
    lines += [f"Flagged  {run.flagged:,}; {_counts(run.changed)}"]
    lines += [f"Revised  {told(one)}" for one in revised]
    lines += [f"Means    {name} {mark}" for name, mark in facts["fingerprints"].items() if mark]
    lines += [
        f"Read     {i['extract']:<22}{i['rows']:>10,}  {(i['sha256'] or 'made by the run')[:16]}"
        for i in facts["inputs"]
        if i["file"]
    ]
    return "\n".join(lines)


def diff(place: Path, first: str, second: str, *, as_json: bool) -> str:
    """Return what lies between two runs: extracts, what rules mean, exceptions, and the authority's figures."""
    with ledger_of(place) as ledger, ledger.reading() as connection:
        runs = run_named(connection, first), run_named(connection, second)
        found = _between(connection, *runs)
    if as_json:
        return _json({"from": _run(runs[0]), "to": _run(runs[1]), **found})
    lines = [f"From {runs[0].run_id} to {runs[1].run_id}", ""]
    lines += [
        f"Extract    {one['extract']}: {one['rows'][0]} records, now {one['rows'][1]}" for one in found["extracts"]
    ]
    lines += [f"Rule       {name} means something else" for name in found["rules"]]
    counted = Counter(one["now"] for one in found["exceptions"])
    lines += [f"Exceptions {_counts(counted)}"]
    lines += [
        f"           {one['now']:<13}{one['rule_id']}  {one['record_key']}" for one in found["exceptions"][:_SHOWN]
    ]
    more = len(found["exceptions"]) - _SHOWN
    lines += [f"           and {more:,} more: --json lists all"] if more > 0 else []
    figures = [one for one in found["figures"] if one["scope"][0] == "authority"]
    lines += [
        f"Figure     {one['line']}: {_number(one['value'][0])}, now {_number(one['value'][1])}" for one in figures
    ]
    return "\n".join(lines)


def check_chain(place: Path) -> tuple[Verified, str]:
    """Return whether the ledger is as it was written, and that in words."""
    with ledger_of(place) as ledger:
        found = verify(ledger)
        where = ledger.place
    if not found.intact:
        return found, "\n".join([f"{where} is not as it was written:", *(f"  {fault}" for fault in found.faults)])
    gone = f"; rows of {found.purged:,} tables of entries were purged" if found.purged else ""
    said = f"{where} is intact: {found.entries:,} entries, {found.rows:,} rows{gone}"
    return found, f"{said}\nits last hash: {found.head}"


def _between(connection: Connection, first: PastRun, second: PastRun) -> dict[str, Any]:
    inputs = [{i["extract"]: i for i in facts_of_run(connection, run)["inputs"]} for run in (first, second)]
    means = [{r.rule_id: r.fingerprint for r in rows_of_run(connection, RULE_RESULT, run)} for run in (first, second)]
    figures = [figures_of(connection, run) for run in (first, second)]
    return {
        "extracts": [
            {"extract": name, "rows": [one["rows"] for one in both]}
            for name in inputs[1]
            if (both := [i.get(name, {"rows": 0, "sha256": None}) for i in inputs])[0]["sha256"] != both[1]["sha256"]
        ],
        "rules": sorted(name for name, mark in means[1].items() if means[0].get(name, mark) != mark),
        "exceptions": list(_moved(standing_at(connection, first), standing_at(connection, second))),
        "figures": [
            {"scope": key[:2], "measure": key[2], "line": key[3], "value": [was.value, now.value]}
            for key, now in figures[1].items()
            if (was := figures[0].get(key)) is not None and was.value != now.value
        ],
    }


def _moved(then: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the exceptions that are there at one of two runs and not at the other, and how they came or went."""
    for exception_id, row in now.items():
        was = then.get(exception_id)
        if (was is not None and is_open(was)) == is_open(row):
            continue
        came = Standing.REOPENED if was is not None else Standing.NEW
        yield {
            "exception_id": exception_id, "rule_id": row.rule_id, "record_key": row.record_key,
            "team_id": row.team_id, "now": str(came) if is_open(row) else row.state,
        }  # fmt: skip


def _run(run: PastRun) -> dict[str, Any]:
    return {**vars(run), "period": f"{run.period:%Y-%m}"}


def _change(change: Change) -> dict[str, Any]:
    return {"entry": change.entry, "at": change.at, "what": change.what, **change.said}


def _life(exception_id: str, life: Sequence[Change]) -> str:
    first = next(change for change in life if change.what == "state").said
    whose = f", child {first['person_id']}" if first["person_id"] else ""
    lines = [f"{exception_id}  {first['rule_id']}", f"{first['extract']} {first['record_key']}{whose}", ""]
    for change in life:
        said = change.said
        if change.what == "state":
            team = said["team_id"] or "no team"
            again = f", reopened {said['reopened']} times" if said["reopened"] > 1 else ""
            what = f"{said['state']} since {said['since']}, {team}, chapter {said['chapter']}{again}"
        else:
            what = ", ".join(f"{name} {value}" for name, value in said.items() if value and name in _SAID)
            what = f"{change.what}: {what}"
        lines.append(f"{change.entry:>6}  {change.at[:10]}  {what}")
    return "\n".join(lines)


_SAID = ("answer", "why", "until", "belongs_to", "asked_by", "approved_by", "waiver")


def _counts(changed: Mapping[str, int]) -> str:
    return ", ".join(f"{changed.get(name, 0):,} {name.replace('_', ' ')}" for name in _COUNTED)


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:g}"


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    widths = [max(map(len, column)) for column in zip(heads, *rows, strict=True)]
    return "\n".join("  ".join(cell.rjust(w) for cell, w in zip(row, widths, strict=True)) for row in (heads, *rows))


def _json(found: object) -> str:
    return json.dumps(found, indent=2, ensure_ascii=False, default=str)
