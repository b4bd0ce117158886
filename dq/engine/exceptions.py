"""The exceptions of a run: for each flagged row its record, person, owner, the values in question, in words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from sqlglot import exp

from dq.engine.compile import ROW, RULE
from dq.engine.lifecycle import route, tell_standing, waive
from dq.engine.places import Place
from dq.engine.plan import OWNERS, TEAMS_NOW, WORKERS_LEFT, Step, routed
from dq.engine.wording import message_sql, note_sql, values_sql
from dq.library.policy import Library
from dq.model import Contract, Findings, RuleResult, Standing
from dq.workspace import Workspace, name, quoted

if TYPE_CHECKING:
    import pyarrow as pa

_COLUMNS = """
    rule_no INTEGER, exception_id VARCHAR, record_key VARCHAR, person_id VARCHAR, team_id VARCHAR,
    worker_id VARCHAR, "values" VARCHAR, message VARCHAR, first_seen DATE, days_open BIGINT, state VARCHAR,
    note VARCHAR, bypass VARCHAR
"""
_BEFORE_OWNED = f"""
    rule_no INTEGER, {ROW} BIGINT, record_key VARCHAR, person_id VARCHAR, own_team VARCHAR, own_worker VARCHAR,
    event_on DATE, entered_on DATE, held VARCHAR, message VARCHAR,
    note VARCHAR
"""
_OF_A_RULE = ("rule_id", "severity", "dimension", "extract", "fields", "fix", "indicators")
_ORDER = (
    "exception_id", "rule_id", "severity", "dimension", "extract", "record_key", "person_id", "team_id", "worker_id",
    "fields", "values", "message", "fix", "indicators", "first_seen", "days_open", "state",
)  # fmt: skip
_SPELLS, _HANDED, _LEFT = "spells_now", "handed_on", "left_now"
_SPELL = ("person_id", "team_id", "worker_id", "start_date", "end_date", "involvement_id")
_DATES = {"start_date", "end_date"}
_BATCH = 10_000


class ExceptionTable:
    """The exceptions while a run fills them: what differs from row to row, beside what a rule says of all its own."""

    def __init__(
        self,
        workspace: Workspace,
        library: Library,
        period_end: dt.date,
        place: Place,
        kept: str = "exception",
        known: bool = False,
        failed: Container[str] = (),
    ) -> None:
        """Make the tables, ``<kept>_rows`` and ``<kept>_rules``, and over them the view ``<kept>s``.

        ``known`` says that there is something to compare with (``lifecycle.keep_known``): what is not in it is new.
        Nobody's owner is looked for in views that ``failed``.
        """
        self._known = known
        self._kept = kept
        self._worded = f"{kept}_worded"
        self._workspace = workspace
        self._place = place
        self._period_end = f"DATE '{period_end}'"
        self._library = library
        self._failed = failed
        self._routes: set[str] = set()
        self._rules: list[tuple[str, ...]] = []
        workspace.execute(f"CREATE OR REPLACE TABLE {kept}_rows ({_COLUMNS})")
        workspace.execute(f"CREATE OR REPLACE TEMP TABLE {self._worded} ({_BEFORE_OWNED})")
        said = ", ".join(f"{column} VARCHAR" for column in _OF_A_RULE)
        workspace.execute(
            f"CREATE OR REPLACE TABLE {kept}_rules "
            f"(rule_no INTEGER, place INTEGER, by_case BOOLEAN, at_event BOOLEAN, fingerprint VARCHAR, {said})"
        )
        workspace.execute(
            f"CREATE OR REPLACE VIEW {kept}s AS SELECT {', '.join(map(name, _ORDER))} "
            f"FROM {kept}_rows JOIN {kept}_rules USING (rule_no)"
        )

    def add(self, step: Step, found: str) -> None:
        """Add an exception for every row of the table ``found``, which holds what the step's statement gave.

        Whose they are is looked up of all steps' together, when all are there.
        """
        routes = [view for view in routed(self._library, step) if view not in self._failed]
        self._routes.update(routes)
        first = self._add_rules(step, by_case=OWNERS in routes)
        types = self._workspace.types(found)
        rules = [bound.rule for bound in step.rules]
        held = _by_rule([values_sql(rule.fields, types, "found") for rule in rules])
        message = _by_rule([message_sql(rule.message, types, "found") for rule in rules])
        note = _by_rule([note_sql(rule.note_or(self._library.note), types, "found") for rule in rules])
        self._workspace.execute(
            f"""
            INSERT INTO {self._worded}
            SELECT {first} + found.{RULE}, found.{ROW}, {self._record(step, types)}, {held}, {message},
                   {note}
            FROM {found} AS found {self._joined(step, found)}
            """
        )

    def findings(self, results: tuple[RuleResult, ...]) -> Findings:
        """Return what was found: the results, and the exceptions by rule in that order, then by record."""
        places = {result.rule.id: i for i, result in enumerate(results)}
        self._add_owners()
        if self._known:
            route(self._workspace, self._kept)
            tell_standing(self._workspace, self._kept, self._period_end)
            waive(self._workspace, self._kept, self._period_end)
        if self._rules:
            placed = ", ".join(f"({i}, {places[rule]})" for i, (rule, *_) in enumerate(self._rules))
            self._workspace.execute(
                f"UPDATE {self._kept}_rules SET place = said.place FROM (VALUES {placed}) AS said (rule_no, place) "
                f"WHERE said.rule_no = {self._kept}_rules.rule_no"
            )
        teams, unowned, waived = self._workspace.row(
            "SELECT count(DISTINCT team_id), count(*) FILTER (WHERE team_id IS NULL), "
            f"count(*) FILTER (WHERE state = '{Standing.WAIVED}') FROM {self._kept}_rows"
        )
        accepted = self._accepted()
        told = tuple(
            replace(result, waived=waived, bypassed=bypassed)
            for result in results
            for waived, bypassed in [accepted.get(result.rule.id, (0, 0))]
        )
        return Findings(told, self, int(teams), int(unowned), waived=int(waived))

    def _accepted(self) -> dict[str, tuple[int, int]]:
        """Return rule → how many of its exceptions are waived, and how many of these by a request to bypass it."""
        found = self._workspace.execute(
            f"SELECT rule_id, count(*), count(bypass) FROM {self._kept}_rows JOIN {self._kept}_rules USING (rule_no) "
            f"WHERE state = '{Standing.WAIVED}' GROUP BY rule_id"
        )
        return {rule: (waived, bypassed) for rule, waived, bypassed in found.fetchall()}

    def _add_owners(self) -> None:
        """Make exceptions of all that was added: each with an identity and with whose it is.

        A record belongs to the team that holds the child's case now, or held it on the day of the event; if none
        did, to the last that held it; if none ever has, to the team the record itself names. Otherwise it belongs
        to nobody, which is said, not guessed. What belongs to a team that has closed is put right by the one that
        took over its work; what belongs to a worker who has left, by whom the team finds.
        """
        self._learn()
        self._workspace.execute(
            f"""
            INSERT INTO {self._kept}_rows
            WITH counted AS (
                SELECT worded.*, row_number() OVER (PARTITION BY rule_no, record_key ORDER BY held, message, {ROW})
                       AS occurrence
                FROM {self._worded} AS worded
            ), owned AS (
                SELECT counted.* EXCLUDE (own_team, own_worker), said.rule_id,
                       coalesce(spell.team_id, own_team) AS team_id, coalesce(spell.worker_id, own_worker) AS worker_id
                FROM counted
                JOIN {self._kept}_rules AS said ON said.rule_no = counted.rule_no
                LEFT JOIN {_SPELLS} AS spell ON spell.person_id = counted.person_id AND said.by_case
                QUALIFY row_number() OVER (
                    PARTITION BY counted.rule_no, counted.record_key, counted.occurrence
                    ORDER BY coalesce(
                                 said.at_event AND spell.start_date <= counted.event_on
                                 AND (spell.end_date IS NULL OR spell.end_date > counted.event_on),
                                 false
                             ) DESC,
                             spell.end_date IS NULL DESC, spell.end_date DESC,
                             spell.start_date DESC, spell.involvement_id DESC
                ) = 1
            )
            SELECT owned.rule_no,
                   substring(sha256(rule_id || '|' || record_key
                             || CASE WHEN occurrence > 1 THEN '#' || occurrence ELSE '' END), 1, 16),
                   record_key, person_id, coalesce(handed.team_now_id, owned.team_id),
                   CASE WHEN gone.worker_id IS NULL THEN owned.worker_id END, held, message, {self._period_end},
                   CASE WHEN entered_on IS NOT NULL THEN greatest(0, {self._period_end} - entered_on) END, 'open',
                   note, NULL
            FROM owned
            LEFT JOIN {_HANDED} AS handed ON handed.team_id = owned.team_id
            LEFT JOIN {_LEFT} AS gone ON gone.worker_id = owned.worker_id
            """
        )
        self._workspace.execute(f"DROP TABLE {self._worded}")

    def table(self) -> pa.Table:
        """Return all exceptions as one Arrow table (columns as in formats.md)."""
        return self._workspace.arrow(
            f"SELECT {self._kept}s.* FROM {self._kept}s JOIN {self._kept}_rules USING (rule_id) "
            "ORDER BY place, record_key, exception_id"
        )

    def batches(self) -> Iterator[pa.RecordBatch]:
        """Yield the same rows a hundred thousand at a time, so that they are never all in memory.

        What a rule says of all its exceptions is dictionary-encoded.
        """
        import pyarrow as pa

        # Made by the engine, for Arrow loads pandas to make an array of texts, which takes longer than all this.
        said = self._workspace.arrow(f"SELECT * FROM {self._kept}_rules ORDER BY rule_no").combine_chunks()
        rows = self._workspace.arrow_batches(
            f"SELECT {self._kept}_rows.* FROM {self._kept}_rows JOIN {self._kept}_rules USING (rule_no) "
            "ORDER BY place, record_key, exception_id",
            _BATCH,
        )
        for batch in rows:
            indices = batch.column("rule_no")
            columns = [
                pa.DictionaryArray.from_arrays(indices, said.column(column).chunk(0)) if column in _OF_A_RULE
                else batch.column(column)
                for column in _ORDER
            ]  # fmt: skip
            yield pa.RecordBatch.from_arrays(columns, names=_ORDER)

    def _add_rules(self, step: Step, *, by_case: bool) -> int:
        """Write down what each rule of a step says of all its exceptions; return the number of the first.

        ``by_case``: they belong to who holds the child's case.
        """
        first, rows = len(self._rules), []
        for i, bound in enumerate(step.rules, start=first):
            rule = bound.rule
            said = (
                rule.id, rule.severity.value, rule.dimension.value, step.record.name,
                ";".join(rule.fields), rule.fix, ";".join(bound.feeds),
            )  # fmt: skip
            self._rules.append(said)
            at_event, words = rule.owner == "team_at_event", ", ".join(map(quoted, (bound.mark, *said)))
            rows.append(f"({i}, {i}, {by_case}, {at_event}, {words})")
        self._workspace.execute(f"INSERT INTO {self._kept}_rules VALUES {', '.join(rows)}")
        return first

    def _joined(self, step: Step, found: str) -> str:
        """Return the join to the record that a row of a view stands for; a row of an extract is its own record."""
        if not step.is_view:
            return ""
        contract = step.record
        self._place.fetch(_records(contract), exp.column(contract.key, contract.name), (found, step.key), "records_now")
        return f"LEFT JOIN records_now AS record ON record.{name(contract.key)} = found.{name(step.key)}"

    def _record(self, step: Step, types: Mapping[str, str]) -> str:
        """Return the columns that say which record, whose, and when."""
        contract, table = step.record, "record" if step.is_view else "found"

        def own(column: str | None, kind: str = "VARCHAR") -> str:
            return f"CAST(NULL AS {kind})" if column is None else f"CAST({table}.{name(column)} AS {kind})"

        person = own(contract.person)
        if step.is_view and "person_id" in types:
            person = f"coalesce({person}, found.person_id)"
        # A record with no key is known by its row in the file, counting the heading.
        unkeyed = f"coalesce('row ' || (found.{ROW} + 2), 'no {contract.key}')"
        event, entered = own(contract.event, "DATE"), own(contract.entered, "DATE")
        return (
            f"coalesce(CAST(found.{name(step.key)} AS VARCHAR), {unkeyed}) AS record_key, {person} AS person_id, "
            f"{own(contract.team)} AS own_team, {own(contract.worker)} AS own_worker, "
            f"{event} AS event_on, coalesce({entered}, {event}) AS entered_on"
        )

    def _learn(self) -> None:
        """Learn who held the cases of the people there are exceptions of, which teams handed on, and who has left."""
        spells = exp.select(*(exp.column(column, OWNERS) for column in _SPELL)).from_(OWNERS)
        moved = exp.select("team_id", "team_now_id").from_(TEAMS_NOW).where("team_now_id <> team_id")
        left = exp.select("worker_id").from_(WORKERS_LEFT)
        for view, tree, table in ((OWNERS, spells, _SPELLS), (TEAMS_NOW, moved, _HANDED), (WORKERS_LEFT, left, _LEFT)):
            if view not in self._routes:
                columns = ", ".join(f"{c.name} {'DATE' if c.name in _DATES else 'VARCHAR'}" for c in tree.selects)
                self._workspace.execute(f"CREATE OR REPLACE TEMP TABLE {table} ({columns})")
            elif view == OWNERS:
                self._place.fetch(tree, exp.column("person_id", OWNERS), (self._worded, "person_id"), table)
            else:
                self._place.find(tree, table)


def _by_rule(expressions: Sequence[str]) -> str:
    """Return SQL that chooses among expressions by the rule's number; the same expression is written once."""
    numbers: dict[str, list[int]] = {}
    for i, expression in enumerate(expressions):
        numbers.setdefault(expression, []).append(i)
    if len(numbers) == 1:
        return expressions[0]
    branches = (
        f"WHEN found.{RULE} IN ({', '.join(map(str, listed))}) THEN {expression}"
        for expression, listed in numbers.items()
    )
    return f"CASE {' '.join(branches)} END"


def _records(contract: Contract) -> exp.Select:
    """Return the SELECT of one record a key: whose it is and when. Of a key used twice the least values are taken."""
    roles = {contract.person, contract.team, contract.worker, contract.event, contract.entered} - {contract.key, None}
    least = [
        exp.alias_(exp.Min(this=exp.column(role, contract.name)), role)
        for role in sorted(role for role in roles if role is not None)
    ]
    key = exp.column(contract.key, contract.name)
    return exp.select(key, *least).from_(contract.name).group_by(key.copy())
