"""How an exception that was there and is not any more went: put right, or only out of sight.

Fixed, vanished (its record is gone), blanked (what was wrong was removed, not corrected), or out of scope (the rule, or
whom it is about, has changed). Only the first counts as put right.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from sqlglot import exp

from dq.engine.compile import Dates, compiled
from dq.engine.places import Here, StatementError
from dq.engine.plan import Step, make_plan
from dq.engine.views import keep_views
from dq.library.policy import BoundRule, Library
from dq.model import Standing
from dq.workspace import Workspace, name, quoted

_GONE = "gone"
_ROWS, _RECORDS, _STILL = "rows_now", "records_there", "still_flagged"
_FIXED = Standing.FIXED


def work_out_closings(
    workspace: Workspace, library: Library, dates: Dates, then: Dates | None, known: str, ended: str, closed: str
) -> None:
    """Make the table ``closings``: exception_id and state of those in ``known`` that are no longer found.

    ``then`` are the dates at which they were last looked for, if those are others. ``ended`` has the rules of the run
    with what they mean; ``closed`` lists the states that nothing is asked of.
    """
    workspace.execute(
        f"CREATE OR REPLACE TEMP TABLE {_GONE} AS "
        f"SELECT known.*, ended.fingerprint = known.fingerprint AS means_the_same "
        f"FROM {known} AS known LEFT JOIN {ended} AS ended USING (rule_id) "
        f"WHERE known.state NOT IN ({closed}) AND (ended.looked OR ended.rule_id IS NULL) "
        "AND exception_id NOT IN (SELECT exception_id FROM exception_rows)"
    )
    workspace.execute("CREATE OR REPLACE TEMP TABLE closings (exception_id VARCHAR, state VARCHAR)")
    workspace.execute(
        f"INSERT INTO closings SELECT exception_id, '{Standing.OUT_OF_SCOPE}' FROM {_GONE} "
        "WHERE means_the_same IS NOT true"
    )
    workspace.execute(f"DELETE FROM {_GONE} WHERE means_the_same IS NOT true")
    asked = [rule for (rule,) in workspace.execute(f"SELECT DISTINCT rule_id FROM {_GONE} ORDER BY 1").fetchall()]
    for place, step in _steps(workspace, library, dates, asked, keys_only=False):
        _look_at(workspace, library, place, step)
    if then is not None:
        fixed = f"SELECT rule_id FROM {_GONE} JOIN closings USING (exception_id) WHERE closings.state = '{_FIXED}'"
        asked = [rule for (rule,) in workspace.execute(f"{fixed} GROUP BY 1").fetchall()]
        for place, step in _steps(workspace, library, then, asked, keys_only=True):
            _look_back_at(workspace, library, place, step)


def _steps(
    workspace: Workspace, library: Library, dates: Dates, rules: Sequence[str], *, keys_only: bool
) -> Iterator[tuple[Here, Step]]:
    """Yield the steps that test some rules at some dates, with their views worked out."""
    place = Here(workspace, dates)
    plan = make_plan(library, [library.rules[rule] for rule in sorted(rules)], keys_only=keys_only)
    statements = dict(plan.views)
    failed = keep_views(library, statements, lambda view: place.keep(view, statements[view]))
    yield from ((place, step) for step in plan.steps if step.on not in failed)


def _look_back_at(workspace: Workspace, library: Library, place: Here, step: Step) -> None:
    """Find what would be flagged as it now is, had no time passed: nobody put that right, it is no longer asked."""
    try:
        place.find(step.finding(library), _STILL)
    except StatementError:
        return
    rules = ", ".join(f"({i}, {quoted(bound.rule.id)})" for i, bound in enumerate(step.rules))
    workspace.execute(
        f"""
        UPDATE closings SET state = '{Standing.OUT_OF_SCOPE}' FROM {_GONE} AS gone, {_STILL} AS still,
            (VALUES {rules}) AS said (rule_no, rule_id)
        WHERE closings.exception_id = gone.exception_id AND closings.state = '{_FIXED}'
            AND said.rule_id = gone.rule_id AND still.rule_no = said.rule_no
            AND still.{name(step.key)} = gone.record_key
        """
    )


def _look_at(workspace: Workspace, library: Library, place: Here, step: Step) -> None:
    contract = step.record
    listed = ", ".join(quoted(bound.rule.id) for bound in step.rules)
    workspace.execute(
        f"CREATE OR REPLACE TEMP TABLE {_RECORDS} AS SELECT * FROM {name(contract.name)} "
        f"WHERE {name(contract.key)} IN (SELECT record_key FROM {_GONE} WHERE rule_id IN ({listed}))"
    )
    try:
        place.fetch(_rows_of(library, step), exp.column(step.key, step.on), (_GONE, "record_key"), _ROWS)
    except StatementError:
        return  # what cannot be looked at is not said to have gone
    seen = {"row": set(workspace.types(_ROWS)), "record": set(workspace.types(_RECORDS))}
    for i, bound in enumerate(step.rules):
        workspace.execute(_closing(bound, f"about_{i}", contract.key, seen))


def _rows_of(library: Library, step: Step) -> exp.Select:
    """Return the SELECT of a step's rows: key, fields in question, and whether a row is one that each rule is about."""
    fields = dict.fromkeys(field for bound in step.rules for field in bound.rule.fields)
    columns = [step.key, *(field for field in fields if field != step.key), *([] if step.is_view else ["unread"])]
    about = [exp.alias_(_about(bound, library), f"about_{i}") for i, bound in enumerate(step.rules)]
    chosen = (exp.column(column, step.on) for column in columns)
    return exp.select(*chosen, *about).from_(step.table(library))


def _about(bound: BoundRule, library: Library) -> exp.Expr:
    """Return what a rule asks of a row besides the fields in question: those may have been put right."""
    where, asked = bound.where.tree, set(bound.rule.fields)
    parts = list(where.flatten()) if isinstance(where, exp.And) else [where]
    others = [part for part in parts if not asked & {column.name for column in part.find_all(exp.Column)}]
    return compiled(exp.and_(*others), library.thresholds) if others else exp.true()


def _closing(bound: BoundRule, about: str, key: str, seen: Mapping[str, set[str]]) -> str:
    """Return the statement that says how the exceptions of one rule went."""
    blanked = " OR ".join(_blanked(field, key, seen) for field in bound.rule.fields) or "false"
    # What was missing and is there now was put right, even if that took the record out of what the rule is about.
    filled = " OR ".join(_filled(field, seen["record"]) for field in bound.rule.fields) or "false"
    return f"""
        INSERT INTO closings
        SELECT gone.exception_id,
               CASE WHEN starts_with(gone.record_key, 'row ') THEN '{Standing.FIXED}'
                    WHEN NOT bool_or(record.{name(key)} IS NOT NULL) THEN '{Standing.VANISHED}'
                    WHEN bool_or({blanked}) THEN '{Standing.BLANKED}'
                    WHEN bool_or({filled} OR "row".{about}) THEN '{Standing.FIXED}'
                    ELSE '{Standing.OUT_OF_SCOPE}' END
        FROM {_GONE} AS gone
        LEFT JOIN {_RECORDS} AS record ON record.{name(key)} = gone.record_key
        LEFT JOIN {_ROWS} AS "row" ON "row".{name(key)} = gone.record_key
        WHERE gone.rule_id = {quoted(bound.rule.id)}
        GROUP BY gone.exception_id, gone.record_key
    """


def _blanked(field: str, key: str, seen: Mapping[str, set[str]]) -> str:
    """Return the condition that a field held something and holds nothing now, in the view or in the record itself."""
    empty = {table: _is_empty(table, field, columns) for table, columns in seen.items()}
    now = f'CASE WHEN "row".{name(key)} IS NOT NULL THEN {empty["row"]} ELSE {empty["record"]} END'
    return f"(NOT {_was_empty(field)} AND {now})"


def _filled(field: str, columns: set[str]) -> str:
    """Return the condition that a field of the record held nothing and holds something now."""
    return f"({_was_empty(field)} AND NOT {_is_empty('record', field, columns)})" if field in columns else "false"


def _was_empty(field: str) -> str:
    return f"list_contains(string_split(gone.\"empty\", ';'), {quoted(field)})"


def _is_empty(table: str, field: str, columns: set[str]) -> str:
    if field not in columns:
        return "false"
    unread = f" AND {name(table)}.unread[{quoted(field)}] IS NULL" if "unread" in columns else ""
    return f"{name(table)}.{name(field)} IS NULL{unread}"
