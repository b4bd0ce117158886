"""The exceptions of a run: for each flagged row its record, person, owner, the values in question, in words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

import pyarrow as pa

from dq.engine.compile import message_sql
from dq.library.load import BoundRule, Library
from dq.model import Contract
from dq.workspace import Workspace, name, quoted

_COLUMNS = """
    exception_id VARCHAR, rule_id VARCHAR, severity VARCHAR, dimension VARCHAR, extract VARCHAR, record_key VARCHAR,
    person_id VARCHAR, team_id VARCHAR, worker_id VARCHAR, fields VARCHAR, "values" VARCHAR, message VARCHAR,
    fix VARCHAR, indicators VARCHAR, first_seen DATE, days_open BIGINT, state VARCHAR
"""


class ExceptionTable:
    """The table of exceptions while a run fills it."""

    views: tuple[str, ...]
    """The views that finding the owner of a record reads."""

    def __init__(self, workspace: Workspace, library: Library, period_end: dt.date) -> None:
        self._workspace = workspace
        self._library = library
        self._period_end = f"DATE '{period_end}'"
        self.views = ("allocations",) if "allocations" in library.views else ()
        workspace.execute(f"CREATE OR REPLACE TABLE exceptions ({_COLUMNS})")

    def add(self, bound: BoundRule, flagged: str) -> None:
        """Add an exception for every row of the rule's table whose row id the query ``flagged`` gives."""
        rule, library = bound.rule, self._library
        view = library.views.get(rule.on)
        extract = rule.on if view is None else view.of
        assert extract is not None  # noqa: S101 - the library refuses rules on views without one
        contract = library.contracts[extract]
        key = contract.key if view is None else view.key
        types = self._workspace.types(rule.on)
        self._workspace.execute(
            f"""
            INSERT INTO exceptions
            WITH flagged AS (
                SELECT {_record(contract, key, types, is_view=view is not None)}
                       {_values(rule.fields, types, extract_row=view is None)} AS held,
                       {message_sql(rule.message, types, "tested")} AS message
                FROM {name(rule.on)} AS tested {_source(contract, key, is_view=view is not None)}
                WHERE tested.rowid IN ({flagged})
            ), counted AS (
                SELECT *, row_number() OVER (PARTITION BY record_key ORDER BY row_number) AS occurrence FROM flagged
            ), {self._owned(rule.owner, contract)}
            SELECT substring(sha256({quoted(rule.id)} || '|' || record_key
                             || CASE WHEN occurrence > 1 THEN '#' || occurrence ELSE '' END), 1, 16),
                   {quoted(rule.id)}, {quoted(rule.severity)}, {quoted(rule.dimension)}, {quoted(extract)}, record_key,
                   person_id, team_id, worker_id, {quoted(";".join(rule.fields))}, held, message,
                   {quoted(rule.fix)}, {quoted(";".join(bound.feeds))}, {self._period_end},
                   greatest(0, {self._period_end} - entered_on), 'open'
            FROM owned ORDER BY row_number
            """
        )

    def rows(self, order: Sequence[str]) -> pa.Table:
        """Return all exceptions as an Arrow table, by rule in the given order, then by record."""
        places = pa.table({"rule_id": list(order), "place": list(range(len(order)))})
        self._workspace.connection.register("rule_order", places)
        found = self._workspace.arrow(
            "SELECT exceptions.* FROM exceptions JOIN rule_order USING (rule_id) "
            "ORDER BY place, record_key, exception_id"
        )
        self._workspace.connection.unregister("rule_order")
        return found

    def _owned(self, owner: str, contract: Contract) -> str:
        """Return the SQL of ``owned``: who must put the record right.

        A record belongs to the team that holds the child's case now, or held it on the day of the event; if none
        did, to the last that held it; if none ever has, to the team the record itself names. Otherwise it belongs
        to nobody, which is said, not guessed.
        """
        columns = "counted.* EXCLUDE (own_team, own_worker)"
        if contract.person is None or not self.views:
            return f"owned AS (SELECT {columns}, own_team AS team_id, own_worker AS worker_id FROM counted)"
        held_then = "false"
        if owner == "team_at_event":
            held_then = (
                "spell.start_date <= counted.event_on AND (spell.end_date IS NULL OR spell.end_date > counted.event_on)"
            )
        return f"""owned AS (
            SELECT {columns}, coalesce(spell.team_id, own_team) AS team_id,
                   coalesce(spell.worker_id, own_worker) AS worker_id
            FROM counted LEFT JOIN allocations AS spell ON spell.person_id = counted.person_id
            QUALIFY row_number() OVER (
                PARTITION BY counted.row_number
                ORDER BY coalesce({held_then}, false) DESC, spell.end_date IS NULL DESC, spell.end_date DESC,
                         spell.start_date DESC, spell.involvement_id DESC
            ) = 1
        )"""


def _source(contract: Contract, key: str, *, is_view: bool) -> str:
    if not is_view:
        return ""
    own, own_key = name(contract.name), name(contract.key)
    return (
        f"LEFT JOIN (SELECT * FROM {own} QUALIFY row_number() OVER (PARTITION BY {own_key} ORDER BY rowid) = 1)"
        f" AS record ON record.{own_key} = tested.{name(key)}"
    )


def _record(contract: Contract, key: str, types: Mapping[str, str], *, is_view: bool) -> str:
    """Return the columns that say which record, whose, and when."""
    table = "record" if is_view else "tested"

    def own(column: str | None, kind: str = "VARCHAR") -> str:
        return f"CAST(NULL AS {kind})" if column is None else f"CAST({table}.{name(column)} AS {kind})"

    person = own(contract.person)
    if is_view and "person_id" in types:
        person = f"coalesce({person}, tested.person_id)"
    # A record with no key is known by its row in the file, counting the heading.
    place = f"coalesce(CAST(tested.{name(key)} AS VARCHAR), 'row ' || (tested.rowid + 2))"
    event, entered = own(contract.event, "DATE"), own(contract.entered, "DATE")
    return (
        f"tested.rowid AS row_number, {place} AS record_key, {person} AS person_id, {own(contract.team)} AS own_team, "
        f"{own(contract.worker)} AS own_worker, {event} AS event_on, coalesce({entered}, {event}) AS entered_on,"
    )


def _values(fields: Sequence[str], types: Mapping[str, str], *, extract_row: bool) -> str:
    """Return the SQL of the values in question, as JSON; what could not be read is shown as it came."""
    pairs = []
    for field in fields:
        cell = f"CAST(tested.{name(field)} AS VARCHAR)"
        came = f"tested.unread[{quoted(field)}]" if extract_row and "unread" in types else "NULL"
        pairs.append(f"{quoted(field)}, coalesce({cell}, {came})")
    return f"CAST(json_object({', '.join(pairs)}) AS VARCHAR)"
