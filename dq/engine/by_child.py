"""The cells of a return that exceptions put in doubt, by child: a line for each, and the tables that they stand in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from dq.model import Contract, DoubtfulChild, DoubtfulRow, DoubtfulTable, Fault, Scope
from dq.workspace import Workspace, name, quoted

if TYPE_CHECKING:
    import pyarrow as pa

_CELLS, _RECORDS, _TITLES = "doubtful_cells", "records_of_children", "titles_of_rules"
_ROW = "row_id"
_FOUND = "(SELECT * FROM exception_rows JOIN exception_rules USING (rule_no))"
"""The exceptions with all that is known of them: what is written of them leaves some of it out."""
_BATCH = 100_000


class DoubtfulCells:
    """The cells that the exceptions of a check are about, and those marked with them; each once for every rule.

    Rows are known by their place in the file, counted from 0 without the heading. Tables that keep ``kept``s must be
    in the workspace still.
    """

    def __init__(self, workspace: Workspace, contracts: Mapping[str, Contract], titles: Mapping[str, str]) -> None:
        """Find the cells. ``titles`` say in words what each rule finds."""
        self._workspace = workspace
        self._contracts = {key: one for key, one in contracts.items() if one.person and not one.apart}
        marks = workspace.row("SELECT count(*) FROM duckdb_tables() WHERE table_name = 'exception_marks'")[0]
        marked = (
            "UNION ALL SELECT marks.rule_id, marks.extract, marks.record_key, marks.field, flagged.bypass "
            "FROM exception_marks AS marks JOIN flagged "
            "ON flagged.rule_id = marks.rule_id AND flagged.record_key = marks.flagged_key"
        )
        records = " UNION ALL ".join(
            f"SELECT {quoted(key)} AS extract, CAST({name(one.key)} AS VARCHAR) AS record_key, rowid AS {_ROW}, "
            f"CAST({name(one.person or '')} AS VARCHAR) AS child FROM {name(key)}"
            for key, one in self._contracts.items()
        )
        workspace.execute(f"CREATE OR REPLACE TEMP TABLE {_RECORDS} AS {records}")
        called = ", ".join(
            f"({quoted(key)}, {quoted(one.source_table or key)}, {quoted(column)}, {quoted(said.source or column)})"
            for key, one in self._contracts.items()
            for column, said in one.columns.items()
        )
        told = ", ".join(f"({quoted(rule)}, {quoted(title)})" for rule, title in titles.items())
        workspace.execute(
            f"CREATE OR REPLACE TEMP TABLE {_TITLES} AS SELECT * FROM (VALUES {told}) AS t (rule_id, title)"
        )
        workspace.execute(
            f"CREATE OR REPLACE TEMP TABLE {_CELLS} AS "
            f"WITH flagged AS (SELECT * FROM {_FOUND}), cells AS ("
            "SELECT rule_id, extract, record_key, unnest(string_split(fields, ';')) AS field, bypass FROM flagged "
            f"{marked if marks else ''}) "
            "SELECT records.child, cells.extract, called.known AS heading, called.known_table AS table_name, "
            f"cells.field, records.{_ROW}, cells.rule_id, rules.severity, told.title, "
            "CASE WHEN count(*) = count(cells.bypass) THEN min(cells.bypass) END AS bypass "
            f"FROM cells JOIN {_RECORDS} AS records USING (extract, record_key) "
            "JOIN exception_rules AS rules USING (rule_id) "
            f"JOIN {_TITLES} AS told USING (rule_id) "
            f"JOIN (VALUES {called}) AS called (extract, known_table, field, known) USING (extract, field) "
            "GROUP BY ALL"
        )

    def table(self) -> pa.Table:
        """Return all lines of :meth:`batches`."""
        return self._workspace.arrow(_LINES)

    def batches(self) -> Iterator[pa.RecordBatch]:
        """Yield a line for each cell and rule, by child: who, where, by which rule, and what that finds."""
        yield from self._workspace.arrow_batches(_LINES, _BATCH)

    def children(self) -> Sequence[DoubtfulChild]:
        """Return each child in doubt, those with most errors first."""
        found = self._workspace.execute(
            f"""
            WITH told AS (
                SELECT child, count(DISTINCT rule_id) FILTER (WHERE severity = 'error') AS errors,
                       count(DISTINCT rule_id) FILTER (WHERE severity <> 'error') AS others,
                       list_sort(list(DISTINCT rule_id)) AS rules,
                       count(DISTINCT rule_id) - count(DISTINCT rule_id) FILTER (WHERE bypass IS NULL) AS bypassed
                FROM {_CELLS} GROUP BY child
            ), held AS (
                SELECT person_id AS child, min_by(team_id, exception_id) AS team,
                       min_by(worker_id, exception_id) AS worker
                FROM exceptions GROUP BY person_id
            )
            SELECT child, errors, others, rules, team, worker, bypassed
            FROM told LEFT JOIN held USING (child) ORDER BY errors DESC, others DESC, child
            """
        )
        return [
            DoubtfulChild(child, errors, others, tuple(rules), *more)
            for child, errors, others, rules, *more in found.fetchall()
        ]

    def faults(self) -> Sequence[Fault]:
        """Return the exceptions of children's records, by child and rule."""
        found = self._workspace.execute(
            f"SELECT records.child, found.rule_id, found.extract, records.{_ROW}, found.message, found.bypass "
            f"FROM {_FOUND} AS found JOIN {_RECORDS} AS records USING (extract, record_key) "
            f"ORDER BY child, rule_id, extract, {_ROW}"
        )
        return [Fault(*row) for row in found.fetchall()]

    def notes(self) -> pa.Table:
        """Return a row for each rule and child of whom it queries something, with the note to send."""
        return self._workspace.arrow(_NOTES)

    def tables(self) -> Iterator[DoubtfulTable]:
        """Yield each table that has a row of a child in doubt, with all such rows, by child."""
        for contract in self._contracts.values():
            columns = [column for column, said in contract.columns.items() if not said.worked_out]
            rows = self._rows(contract, columns)
            if rows:
                headings = tuple(contract.columns[column].source or column for column in columns)
                yield DoubtfulTable(contract.name, headings, rows)

    def _rows(self, contract: Contract, columns: Sequence[str]) -> list[DoubtfulRow]:
        doubts: dict[int, dict[str, list[tuple[str, bool]]]] = {}
        for row, field, rule, wrong in self._workspace.execute(
            f"SELECT DISTINCT {_ROW}, field, rule_id, severity = 'error' FROM {_CELLS} "
            f"WHERE extract = {quoted(contract.name)} ORDER BY ALL"
        ).fetchall():
            doubts.setdefault(row, {}).setdefault(field, []).append((rule, wrong))
        shown = ", ".join(map(name, columns))
        person = name(contract.person or "")
        found = self._workspace.execute(
            f"SELECT CAST({person} AS VARCHAR), rowid, unread, {shown} FROM {name(contract.name)} "
            f"WHERE CAST({person} AS VARCHAR) IN (SELECT child FROM {_CELLS}) OR rowid IN "
            f"(SELECT {_ROW} FROM {_CELLS} WHERE extract = {quoted(contract.name)}) ORDER BY {person}, rowid"
        )
        return [
            DoubtfulRow(
                child,
                row,
                tuple(_shown(column, value, unread) for column, value in zip(columns, values, strict=True)),
                {
                    columns.index(column): tuple(rules)
                    for column, rules in doubts.get(row, {}).items()
                    if column in columns
                },
            )
            for child, row, unread, *values in found.fetchall()
        ]


_CODE = "CASE WHEN starts_with(rule_id, 'contract.') THEN rule_id ELSE split_part(rule_id, '.', 1) END"
_LINES = (
    f"SELECT child AS child_id, table_name AS tables_affected, heading AS columns_affected, CAST({_ROW} AS VARCHAR) AS "
    f"row_id, {_CODE} AS rule_code, title AS rule_description, severity AS rule_type, bypass FROM {_CELLS} "
    f"ORDER BY child, rule_id, table_name, {_CELLS}.{_ROW}, heading"
)
_NOTES = f"""
    SELECT {_CODE} AS rule_code, told.title AS rule_description, records.child AS child_id,
           string_agg(coalesce(found.extract || ' row ' || (records.{_ROW} + 2), 'the return as a whole'), ', '
                      ORDER BY found.extract, records.{_ROW}) AS records,
           string_agg(DISTINCT found.note, ' ' ORDER BY found.note) AS note,
           string_agg(DISTINCT found.bypass, ', ' ORDER BY found.bypass) AS bypass
    FROM {_FOUND} AS found
    JOIN {_TITLES} AS told USING (rule_id)
    LEFT JOIN {_RECORDS} AS records ON records.extract = found.extract AND records.record_key = found.record_key
    WHERE found.note IS NOT NULL
    GROUP BY ALL ORDER BY rule_code, child_id
"""


def _shown(column: str, value: Any, unread: Mapping[str, str] | None) -> Any:
    """Return what a cell shows: what was typed, where that could not be read."""
    return (unread or {}).get(column) if value is None else value


def teams_named(workspace: Workspace, contracts: Mapping[str, Contract]) -> tuple[Scope, ...]:
    """Return the teams that a return's exceptions belong to, by name where a list of names stands apart from it."""
    if "teams" not in contracts or not contracts["teams"].apart:
        return ()
    found = workspace.execute(
        "SELECT DISTINCT team_id, coalesce(team_name, team_id) FROM exceptions "
        "LEFT JOIN (SELECT team_id, min(team_name) AS team_name FROM teams GROUP BY team_id) USING (team_id) "
        "WHERE team_id IS NOT NULL ORDER BY 2, 1"
    )
    return tuple(Scope("team", team, called) for team, called in found.fetchall())
