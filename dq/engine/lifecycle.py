"""How each exception stands, from what is known of it and what is found now: new, open, reopened, or how it went.

What is known is a row for every exception there has been, as the ledger last wrote it. An exception keeps its
identity, the rule and the record's own key; where the rule has come to mean something else, a new chapter of it begins.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from dq.engine.closing import work_out_closings
from dq.engine.compile import Dates
from dq.library.policy import Library
from dq.model import CLOSED, Findings, Standing, Status
from dq.workspace import Workspace, quoted

if TYPE_CHECKING:
    import pyarrow as pa

KNOWN = "known"
"""The table of all exceptions there have been, as each last stood."""
_ENDED, _ROUTED, _WAIVERS = "ended", "routed", "waivers"
_CLOSED = ", ".join(quoted(state) for state in sorted(CLOSED))
_BY_WAIVER = f"'{Standing.WAIVED}', '{Standing.LAPSED}'"
_LOOKED_AT = {Status.PASSED, Status.FLAGGED}
COLUMNS = (
    "exception_id", "rule_id", "extract", "record_key", "person_id", "team_id", "fingerprint", "chapter", "state",
    "first_seen", "since", "reopened", "empty",
)  # fmt: skip
_TYPES = """
    exception_id VARCHAR, rule_id VARCHAR, extract VARCHAR, record_key VARCHAR, person_id VARCHAR, team_id VARCHAR,
    fingerprint VARCHAR, chapter BIGINT, state VARCHAR, first_seen DATE, since DATE, reopened BIGINT, "empty" VARCHAR
"""
# No text can look like an empty field: a quotation mark within one is written with a stroke before it.
_FIELDS_EMPTY = """
    CASE WHEN contains("values", ':null') THEN array_to_string(
        list_filter(string_split(said.fields, ';'), lambda f: contains("values", '"' || f || '":null')), ';'
    ) ELSE '' END
"""


def keep_known(workspace: Workspace, rows: pa.Table | None) -> None:
    """Make the table ``known`` of what the ledger wrote (columns as ``COLUMNS``, and ``entry``): the last of each."""
    if rows is None:
        workspace.execute(f"CREATE OR REPLACE TABLE {KNOWN} ({_TYPES})")
        return
    workspace.connection.register("written", rows)
    days = "CAST(first_seen AS DATE) AS first_seen, CAST(since AS DATE) AS since"
    workspace.execute(
        f"CREATE OR REPLACE TABLE {KNOWN} AS SELECT * EXCLUDE (entry) REPLACE ({days}) FROM written "
        "SEMI JOIN (SELECT exception_id, max(entry) AS entry FROM written GROUP BY 1) USING (exception_id, entry)"
    )
    workspace.connection.unregister("written")


def fingerprints_known(workspace: Workspace, exceptions: Collection[str]) -> dict[str, str]:
    """Return what their rules meant when some exceptions were last looked at: exception_id → fingerprint, if known."""
    asked = f"SELECT exception_id, fingerprint FROM {KNOWN} WHERE exception_id IN (SELECT unnest($asked))"
    return dict(workspace.execute(asked, {"asked": list(exceptions)}).fetchall())


def keep_routes(workspace: Workspace, routes: Mapping[str, str | None]) -> None:
    """Make the table ``routed``: exceptions that a team said are not its own, and whose they are, if anybody.s."""
    workspace.execute(f"CREATE OR REPLACE TABLE {_ROUTED} (exception_id VARCHAR, team_id VARCHAR)")
    if routes:
        rows = (f"({quoted(key)}, {'NULL' if team is None else quoted(team)})" for key, team in routes.items())
        workspace.execute(f"INSERT INTO {_ROUTED} VALUES {', '.join(rows)}")


def route(workspace: Workspace, kept: str) -> None:
    """Give the exceptions that were said to be another team's to that team, whose workers are not known."""
    workspace.execute(
        f"UPDATE {kept}_rows AS now SET team_id = said.team_id, worker_id = NULL "
        f"FROM {_ROUTED} AS said WHERE said.exception_id = now.exception_id"
    )


def keep_waivers(workspace: Workspace, waivers: Iterable[Mapping[str, Any]]) -> None:
    """Make the table of the waivers there are.

    Of each: number, rule_id, exception_id, team_id, fingerprint, until, at_most, and bypass, the reference of a request
    to bypass a check of a national return.
    """
    workspace.execute(
        f"CREATE OR REPLACE TABLE {_WAIVERS} (number BIGINT, rule_id VARCHAR, exception_id VARCHAR, team_id VARCHAR, "
        "fingerprint VARCHAR, until DATE, at_most BIGINT, bypass VARCHAR)"
    )
    for waiver in waivers:
        values = "$number, $rule_id, $exception_id, $team_id, $fingerprint, $until, $at_most, $bypass"
        workspace.execute(f"INSERT INTO {_WAIVERS} VALUES ({values})", waiver)


def waive(workspace: Workspace, kept: str, period_end: str) -> None:
    """Say of the exceptions that a waiver is about that they are waived, or that it has lapsed.

    It lapses past its day, where it is about more records than it was given for, and where the rule has come to mean
    something else: then it asks again.
    """
    workspace.execute(
        f"""
        UPDATE {kept}_rows AS now SET state = told.state, bypass = told.bypass
        FROM (
            SELECT exception_id, min(bypass) FILTER (WHERE holds) AS bypass,
                   CASE WHEN bool_or(holds) THEN '{Standing.WAIVED}' ELSE '{Standing.LAPSED}' END AS state
            FROM (
                SELECT here.exception_id, waiver.bypass,
                       waiver.fingerprint = said.fingerprint AND {period_end} <= waiver.until
                       AND count(*) OVER (PARTITION BY waiver.number) <= waiver.at_most AS holds
                FROM {kept}_rows AS here JOIN {kept}_rules AS said USING (rule_no)
                JOIN {_WAIVERS} AS waiver ON waiver.rule_id = said.rule_id
                    AND coalesce(waiver.exception_id, here.exception_id) = here.exception_id
                    AND (waiver.team_id IS NULL OR waiver.team_id = here.team_id)
            ) GROUP BY exception_id
        ) AS told WHERE told.exception_id = now.exception_id
        """
    )


def tell_standing(workspace: Workspace, kept: str, period_end: str) -> None:
    """Say of the exceptions in ``<kept>_rows`` how they stand, since when, and for how many days they have been open.

    A record that was entered long ago may have been wrong as long; one that was put right and is wrong again counts
    from then.
    """
    workspace.execute(f"UPDATE {kept}_rows SET state = '{Standing.NEW}'")
    workspace.execute(
        f"""
        UPDATE {kept}_rows AS now SET
            first_seen = before.first_seen,
            state = before.standing,
            days_open = CASE
                WHEN before.standing = '{Standing.REOPENED}' AND before.closed THEN 0
                WHEN before.reopened > 0 THEN {period_end} - before.since
                WHEN before.closed THEN days_open
                ELSE greatest(days_open, nullif({period_end} - before.since, 0))
            END
        FROM ({_again(kept, period_end)}) AS before WHERE before.exception_id = now.exception_id
        """
    )


def _again(kept: str, period_end: str) -> str:
    """Return the SELECT of those known whose rule means what it meant, with how they stand if they are there now."""
    return f"""
        SELECT known.*, known.state IN ({_CLOSED}) AS closed,
               CASE WHEN known.state = '{Standing.OUT_OF_SCOPE}' THEN '{Standing.OPEN}'
                    WHEN known.state IN ({_CLOSED}) THEN '{Standing.REOPENED}'
                    WHEN known.state IN ('{Standing.NEW}', '{Standing.REOPENED}') AND known.since = {period_end}
                        THEN known.state
                    ELSE '{Standing.OPEN}' END AS standing
        FROM {KNOWN} AS known JOIN {kept}_rules AS said
            ON said.rule_id = known.rule_id AND said.fingerprint = known.fingerprint
    """


def changes(workspace: Workspace, library: Library, findings: Findings, dates: Dates, then: Dates | None) -> pa.Table:
    """Return a row (``COLUMNS``) for every exception that does not stand as it is known to, days as ISO text.

    Of those known that are not there any more it says how they went; where their rule could not be tested, nothing.
    ``then`` are the dates of the run before, if those are others.
    """
    end = f"DATE '{dates['period_end']}'"
    _keep_ended(workspace, library, findings)
    work_out_closings(workspace, library, dates, then, KNOWN, _ENDED, _CLOSED)
    return workspace.arrow(
        f"""
        WITH here AS (
            SELECT now.*, said.rule_id, said.extract, said.fingerprint, {_FIELDS_EMPTY} AS "empty"
            FROM exception_rows AS now JOIN exception_rules AS said USING (rule_no)
        ), told AS (
            SELECT here.*, known.exception_id IS NOT NULL AS was_known, known.state AS was, known.team_id AS had,
                   known.since AS was_since, known."empty" AS was_empty, known.chapter AS was_chapter,
                   coalesce(known.reopened, 0) AS was_reopened,
                   coalesce(known.fingerprint = here.fingerprint, false) AS again,
                   coalesce(known.state IN ({_CLOSED}), false) AS closed
            FROM here LEFT JOIN {KNOWN} AS known USING (exception_id)
        )
        SELECT exception_id, rule_id, extract, record_key, person_id, team_id, fingerprint,
               CASE WHEN again THEN was_chapter ELSE coalesce(was_chapter, 0) + 1 END AS chapter, state,
               CAST(first_seen AS VARCHAR) AS first_seen,
               CAST(CASE WHEN again AND NOT closed THEN was_since ELSE {end} END AS VARCHAR) AS since,
               CASE WHEN NOT again THEN 0 WHEN closed AND was <> '{Standing.OUT_OF_SCOPE}' THEN was_reopened + 1
                    ELSE was_reopened END AS reopened, "empty"
        FROM told
        WHERE NOT again OR closed OR team_id IS DISTINCT FROM had OR "empty" <> was_empty
              OR (state <> was AND (state IN ({_BY_WAIVER}) OR was IN ({_BY_WAIVER})))
        UNION ALL
        SELECT exception_id, rule_id, extract, record_key, person_id, team_id, fingerprint, chapter, closings.state,
               CAST(first_seen AS VARCHAR), CAST({end} AS VARCHAR), reopened, "empty"
        FROM {KNOWN} JOIN closings USING (exception_id)
        ORDER BY exception_id
        """
    )


def _keep_ended(workspace: Workspace, library: Library, findings: Findings) -> None:
    """Make the table of the rules of this run: what each means, and whether it looked at any record."""
    workspace.execute(f"CREATE OR REPLACE TABLE {_ENDED} (rule_id VARCHAR, fingerprint VARCHAR, looked BOOLEAN)")
    rows = []
    for result in findings.results:
        # Of a rule that does not apply for want of a column nothing is known; for want of a record, all is.
        looked = result.status in _LOOKED_AT or (result.status is Status.NOT_APPLICABLE and not result.reason)
        meaning = library.rules[result.rule.id].mark
        rows.append(f"({quoted(result.rule.id)}, {quoted(meaning)}, {looked})")
    if rows:
        workspace.execute(f"INSERT INTO {_ENDED} VALUES {', '.join(rows)}")
