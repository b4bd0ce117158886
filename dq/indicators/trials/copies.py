"""Copies of children, each with some cells as they might be put right, and the views worked out of the copies.

They lie in temporary tables of a connection beside the run's own. There they hide the extracts of the same names, so
that views and rules run over the copies as they are.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

import pyarrow as pa
from sqlglot import exp

from dq.engine.compile import compiled, dates_at
from dq.engine.views import work_out_views
from dq.indicators.trials.apart import Apart, own_ids
from dq.indicators.trials.cells import Cell, of_row_itself
from dq.language.expression import DIALECT
from dq.library.policy import BoundRule, Library, is_counted
from dq.model import Contract, Severity
from dq.workspace import Workspace, name

MARK = "~"
"""Stands between a name and the number of the copy that it is of."""


class Copy(NamedTuple):
    """One copy of a child: which group's cells may differ in it, which value each takes, and what is changed.

    ``chosen`` has the place of each cell's value; 0 is as recorded.
    """

    group: int
    person: str
    chosen: tuple[int, ...]
    changed: Mapping[Cell, str | None]


Beside = Mapping[tuple[int, str, str], Collection[str]]
"""(group, extract, record key) → the columns that errors leave open in the record besides those that are tried."""


def make_copies(
    place: Workspace, library: Library, copies: Sequence[Copy], needed: Mapping[int, frozenset[str]], beside: Beside
) -> None:
    """Make ``trial_copy``, one row a copy, and of every extract of children its copies, for groups that need it."""
    columns = {
        "copy": pa.array(range(len(copies)), pa.int64()),
        "of_group": pa.array([one.group for one in copies], pa.int64()),
        "person_id": pa.array([one.person for one in copies], pa.string()),
        "copy_id": pa.array([f"{one.person}{MARK}{i}" for i, one in enumerate(copies)], pa.string()),
    }
    _keep(place, "trial_copy", pa.table(columns))
    own, changed, (records,) = own_ids(library), _changed(copies, beside), place.row("SELECT current_database()")
    for extract in sorted(frozenset[str]().union(*needed.values())):
        contract = library.contracts[extract]
        if contract.person:
            groups = [group for group, extracts in needed.items() if extract in extracts]
            _keep(place, "trial_group", pa.table({"of_group": pa.array(groups, pa.int64())}))
            if extract in changed:
                _keep(place, "trial_changed", changed[extract])
            tried = changed[extract].column_names[len(_OF_RECORD) :] if extract in changed else []
            place.execute(_copied(contract, own, tried, records))


def _copied(contract: Contract, own: Collection[str], tried: Sequence[str], records: str) -> str:
    """Return the statement that makes the copies of an extract: own names are the copy's, and cells as it has them."""
    assert contract.person is not None  # noqa: S101 - only the records of children are copied
    cells = [
        f"record.{name(column)} || '{MARK}' || of.copy AS {name(column)}"
        for column in contract.all_columns
        if column in own
    ]
    for column in tried:
        new = f"TRY_CAST(changed.{name(column)} AS {contract.columns[column].type.sql})"
        is_new = f"list_contains(changed.columns, '{column}')"
        cells.append(f"CASE WHEN {is_new} THEN {new} ELSE record.{name(column)} END AS {name(column)}")
    changed = "NULL::VARCHAR[] AS trial_columns, NULL::VARCHAR[] AS trial_beside"
    if tried:
        changed = "changed.columns AS trial_columns, changed.beside AS trial_beside"
        kept = "list_filter(map_entries(record.unread), lambda cell: NOT list_contains(changed.columns, cell.key))"
        unread = f"CASE WHEN changed.columns IS NULL THEN record.unread ELSE map_from_entries({kept}) END"
        cells.append(f"{unread} AS unread")
    return f"""
        CREATE OR REPLACE TEMP TABLE {name(contract.name)} AS
        SELECT record.* REPLACE ({", ".join(cells)}), of.copy AS trial_copy, {changed}
        FROM {name(records)}.main.{name(contract.name)} AS record
        JOIN (FROM trial_copy SEMI JOIN trial_group USING (of_group)) AS of
        ON of.person_id = record.{name(contract.person)}
        {_WITH_CHANGED.format(key=name(contract.key)) if tried else ""}
    """


_WITH_CHANGED = "LEFT JOIN trial_changed AS changed ON changed.copy = of.copy AND changed.record_key = record.{key}"


def _keep(place: Workspace, table: str, rows: pa.Table) -> None:
    place.connection.register("incoming", rows)
    place.execute(f"CREATE OR REPLACE TEMP TABLE {name(table)} AS SELECT * FROM incoming")
    place.connection.unregister("incoming")


def _tried(copies: Iterable[Copy]) -> dict[str, list[str]]:
    """Return extract → columns of which some copy has another value."""
    found: dict[str, set[str]] = {}
    for copy in copies:
        for extract, _, column in copy.changed:
            found.setdefault(extract, set()).add(column)
    return {extract: sorted(columns) for extract, columns in found.items()}


_OF_RECORD = ("copy", "record_key", "columns", "beside")
_Row = tuple[int, str, dict[str, str | None], Collection[str]]


def _changed(copies: Sequence[Copy], beside: Beside) -> dict[str, pa.Table]:
    """Return by extract the records that a copy has otherwise: ``_OF_RECORD``, then the values of the columns."""
    rows: dict[str, list[_Row]] = {}
    for number, copy in enumerate(copies):
        records: dict[tuple[str, str], dict[str, str | None]] = {}
        for (extract, key, column), value in copy.changed.items():
            records.setdefault((extract, key), {})[column] = value
        for (extract, key), cells in records.items():
            rows.setdefault(extract, []).append((number, key, cells, beside.get((copy.group, extract, key), ())))
    return {extract: _table(listed) for extract, listed in rows.items()}


def _table(rows: Sequence[_Row]) -> pa.Table:
    columns = sorted({column for _, _, cells, _ in rows for column in cells})
    of_record = (
        pa.array([number for number, *_ in rows], pa.int64()),
        pa.array([key for _, key, *_ in rows], pa.string()),
        pa.array([list(cells) for _, _, cells, _ in rows], pa.list_(pa.string())),
        pa.array([sorted(beside) for *_, beside in rows], pa.list_(pa.string())),
    )
    return pa.table({
        **dict(zip(_OF_RECORD, of_record, strict=True)),
        **{column: pa.array([cells.get(column) for _, _, cells, _ in rows], pa.string()) for column in columns},
    })  # fmt: skip


def drop_forbidden(place: Workspace, library: Library, copies: Sequence[Copy], period: dt.date) -> None:
    """Take out of ``trial_copy`` each in which a record that was changed breaks a rule about what was changed in it.

    The rules are those of severity error that say something of one row itself, and the contract's. One that reads a
    cell which is open too, and not tried, forbids nothing: that cell may be what was wrong.
    """
    counted = [bound for bound in library.rules.values() if is_counted(bound.rule, period)]
    for extract, columns in _tried(copies).items():
        broken = [
            _broken(rule, library)
            for rule in counted
            if rule.rule.on == extract and rule.rule.severity is Severity.ERROR and of_row_itself(rule)
            and set(columns) & set(rule.rule.fields)
        ]  # fmt: skip
        if broken:
            place.execute(
                f"DELETE FROM trial_copy WHERE copy IN (SELECT trial_copy FROM {name(extract)} "
                f"WHERE trial_columns IS NOT NULL AND ({' OR '.join(broken)}))",
                dates_at(period),
            )


def _broken(rule: BoundRule, library: Library) -> str:
    fails = exp.and_(
        compiled(rule.where.tree, library.thresholds), exp.not_(compiled(rule.expect.tree, library.thresholds))
    )
    fields = ", ".join(f"'{column}'" for column in rule.rule.fields)
    read = ", ".join(f"'{column}'" for extract, column in sorted(rule.reads) if extract == rule.rule.on)
    about_it = f"list_has_any(trial_columns, [{fields}]) AND NOT list_has_any(trial_beside, [{read}])"
    return f"({about_it} AND {fails.sql(DIALECT)})"


def shared_views(workspace: Workspace, apart: Apart, used: Iterable[str]) -> dict[str, pa.Table]:
    """Return the views of no child among those used, and beneath them, as they stand in the workspace."""
    return {view: workspace.arrow(f"FROM {name(view)}") for view in apart.shared(used)}


def work_out_copies(
    place: Workspace,
    library: Library,
    shared: Mapping[str, pa.Table],
    used: Mapping[str, Collection[str]],
    period: dt.date,
) -> None:
    """Work the views out of the copies, in ``place``; those of no child are ``shared`` by all."""
    for view, rows in shared.items():
        _keep(place, view, rows)
    failed = work_out_views(place, library, used, dates_at(period), used, standing=shared)
    if failed:
        raise RuntimeError("; ".join(failed.values()))
