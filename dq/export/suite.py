"""Rules as a suite of Great Expectations, in a folder that runs without Plumbline on a database of the extracts."""

from __future__ import annotations

import datetime as dt
import json
import os
import warnings
from collections.abc import Sequence
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

from dq.export.queries import LeftOut, RuleQuery, rule_queries
from dq.export.reference import reference_sql
from dq.library.load import load_library
from dq.library.policy import Library, is_counted
from dq.model import Project, Rule, Severity
from dq.outputs import whole_folder
from dq.problems import nearest, refuse

_SEVERITIES = {Severity.ERROR: "critical", Severity.QUERY: "warning", Severity.INFORMATION: "info"}
_MARK = ("suite.json", '"made_by": "plumbline')
"""By this a folder is known to be an export, and ours to replace."""
_BATCH = "WITH batch AS (SELECT 1 AS one FROM {batch})"
_BATCH_BESIDE_JOINS = "WITH batch AS (SELECT 1 AS one FROM {batch} AS given)"


def export_suite(project: Project, period_end: dt.date, pattern: str, dialect: str, out: Path) -> tuple[int, int]:
    """Write ``suite.json``, ``run_suite.py``, ``reference.sql`` and ``README.md`` to a folder, whole or not at all.

    ``pattern`` is of rule ids or topics. Returns how many rules the suite holds, and how many it cannot. Raises
    ProblemsError for a pattern that no rule fits, a dialect that is not known, and faults of the policy files.
    """
    library = load_library(project.dataset, project.folder, project.thresholds, project.path)
    rules = [b for b in library.rules.values() if is_counted(b.rule, period_end) and _fits(b.rule, pattern)]
    if not rules:
        raise refuse(f"no rule is named like '{pattern}'.", instead=nearest(pattern, library.rules))
    queries, left_out = rule_queries(library, rules, period_end, dialect)
    with whole_folder(out, _MARK) as folder:
        suite = _suite(library, queries, period_end)
        _write(folder / "suite.json", json.dumps(suite, indent=2, ensure_ascii=False) + "\n")
        _write(folder / "reference.sql", reference_sql())
        _write(folder / "run_suite.py", Path(__file__).with_name("run_suite.py").read_text(encoding="utf-8"))
        _write(folder / "README.md", _readme(library, queries, left_out, period_end, dialect))
    return len(queries), len(left_out)


def _fits(rule: Rule, pattern: str) -> bool:
    return fnmatch(rule.id, pattern) or fnmatch(rule.topic, pattern)


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")


def _suite(library: Library, queries: Sequence[RuleQuery], period_end: dt.date) -> dict[str, Any]:
    os.environ["GX_ANALYTICS_ENABLED"] = "False"
    with warnings.catch_warnings():
        # The library imports standard modules that Python 3.11 calls by other names.
        warnings.simplefilter("ignore", DeprecationWarning)
        import great_expectations as gx
        from great_expectations.expectations.core.unexpected_rows_expectation import UnexpectedRowsExpectation
        from great_expectations.expectations.metadata_types import FailureSeverity
    expectations = [
        UnexpectedRowsExpectation(
            unexpected_rows_query=as_the_library_reads_it(query),
            description=query.rule.title,
            severity=FailureSeverity(_SEVERITIES[query.rule.severity]),
            notes=[query.rule.why, f"To put right: {query.rule.fix}"],
            meta={
                "rule_id": query.rule.id,
                "severity": query.rule.severity.value,
                "on": query.rule.on,
                "needs": list(query.needs),
            },
        )
        for query in queries
    ]
    meta = {
        "period": period_end.isoformat(),
        "dataset": library.dataset,
        "rules": library.fingerprints()["rules"],
        "made_by": "plumbline-dq",
    }
    suite = gx.ExpectationSuite(name=f"{library.dataset}-{period_end:%Y-%m}", expectations=expectations, meta=meta)
    made: dict[str, Any] = suite.to_json_dict()
    return made


def as_the_library_reads_it(query: RuleQuery) -> str:
    """Return the SQL of a query as Great Expectations wants it.

    It puts its batch in for ``{batch}``, under a name of its own unless the query joins tables, and complains where
    it cannot; so every other brace is doubled. It hands the query to SQLAlchemy, to which a colon begins a
    parameter; so colons are escaped.
    """
    batch = _BATCH_BESIDE_JOINS if query.joins else _BATCH
    plain = query.sql.replace("{", "{{").replace("}", "}}").replace(":", "\\:")
    return f"{batch}, {plain.removeprefix('WITH ')}" if plain.startswith("WITH ") else f"{batch}\n{plain}"


def _readme(
    library: Library, queries: Sequence[RuleQuery], left_out: Sequence[LeftOut], period_end: dt.date, dialect: str
) -> str:
    template = Path(__file__).with_name("README.template.md").read_text(encoding="utf-8")
    read = sorted({extract for query in queries for extract, _ in library.rules[query.rule.id].reads})
    tables = "\n".join(f"- `{name}`: {', '.join(library.contracts[name].columns)}" for name in read)
    reasons: dict[str, list[str]] = {}
    for left in left_out:
        reasons.setdefault(left.why, []).append(f"`{left.rule.id}`")
    without = "\n".join(f"- {why}: {', '.join(names)}" for why, names in reasons.items()) or "None."
    return template.format(
        rules=len(queries),
        dataset=library.dataset,
        period=f"{period_end.day} {period_end:%b %Y}",
        dialect=dialect,
        tables=tables,
        left_out=without,
    )
