"""The gate's decision: the facts of a run, held against the gate's expectations by Great Expectations.

A check passes only when the library says that it met its expectation over at least one row. One that raised,
or that the library gave no answer to, is a failed check that stops; one that found nothing to look at has not
passed either.
"""

from __future__ import annotations

import os
import tempfile
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from dq.gate import docs as pages
from dq.gate.check import check_gate, columns_of, expectations
from dq.gate.facts import COLUMNS, NAMED_BY, Facts, Kind
from dq.gate.outcome import Outcome, verdict_of
from dq.gate.sentences import sentence, worded
from dq.gate.when import terms
from dq.model import Gate, GateCheck, Verdict
from dq.problems import Problem, ProblemsError

_SITE = "docs"
_LIBRARY_WARNINGS = (
    # The library imports standard modules that Python 3.11 calls by other names.
    ("module 'sre_constants' is deprecated", DeprecationWarning),
    ("module 'sre_parse' is deprecated", DeprecationWarning),
)
Answers = Mapping[int, Any]
"""The library's result for each check, by the check's place in the gate."""


def warm_up() -> None:
    """Import Great Expectations, which takes seconds: call it in a thread while other work is done."""
    _library()


def judge(gate: Gate, facts: Facts, docs: Path) -> Verdict:
    """Return the gate's decision on the facts, and write Data Docs to the folder ``docs``.

    The folder is made if need be; its index.html is where to begin. The pages are the same bytes for the same
    gate and facts. Raises ProblemsError where the gate is wrong (see ``check_gate``), or gives an expectation a
    value that it does not take.
    """
    check_gate(gate)
    with tempfile.TemporaryDirectory() as site:
        context = _context(Path(site))
        answers = {place: answer for kind in COLUMNS for place, answer in _run(context, gate, facts, kind)}
        context.build_data_docs(site_names=[_SITE])
        outcomes = [_outcome(check, facts, answers.get(place)) for place, check in enumerate(gate.checks)]
        verdict = verdict_of(outcomes)
        pages.write(docs, Path(site), gate, facts, outcomes, verdict)
    return verdict


def _library() -> Any:
    """Import the library without its warnings, and without anything of it that would call home."""
    os.environ["GX_ANALYTICS_ENABLED"] = "False"
    for message, category in _LIBRARY_WARNINGS:
        warnings.filterwarnings("ignore", message=message, category=category)
    import great_expectations

    return great_expectations


def _context(site: Path) -> Any:
    """Return a context that keeps everything in memory, but for the pages it writes to ``site``."""
    gx = _library()
    from great_expectations.data_context.types.base import (
        DataContextConfig,
        InMemoryStoreBackendDefaults,
        ProgressBarsConfig,
    )

    return gx.get_context(
        mode="ephemeral",
        project_config=DataContextConfig(
            store_backend_defaults=InMemoryStoreBackendDefaults(init_temp_docs_sites=False),
            progress_bars=ProgressBarsConfig(globally=False),
            analytics_enabled=False,
            data_docs_sites={
                _SITE: {
                    "class_name": "SiteBuilder",
                    "show_how_to_buttons": False,
                    "store_backend": {"class_name": "TupleFilesystemStoreBackend", "base_directory": str(site)},
                    "site_index_builder": {"class_name": "DefaultSiteIndexBuilder", "show_cta_footer": False},
                }
            },
        ),
    )


def _run(context: Any, gate: Gate, facts: Facts, kind: Kind) -> Iterator[tuple[int, Any]]:
    """Run the checks on one table of facts as a checkpoint; yield each check's place in the gate and result."""
    checks = [(place, check) for place, check in enumerate(gate.checks) if check.facts == kind]
    if not checks:
        return
    gx = _library()
    suite = context.suites.add(
        gx.ExpectationSuite(
            name=kind,
            expectations=[_expectation(gate, place, check) for place, check in checks],
        )
    )
    batch = context.data_sources.add_pandas(kind).add_dataframe_asset(kind).add_batch_definition_whole_dataframe(kind)
    definition = context.validation_definitions.add(gx.ValidationDefinition(name=kind, data=batch, suite=suite))
    named_by = NAMED_BY[kind]
    names = {} if named_by is None else {"unexpected_index_column_names": [named_by]}
    checkpoint = context.checkpoints.add(
        gx.Checkpoint(
            name=kind, validation_definitions=[definition], result_format={"result_format": "COMPLETE", **names}
        )
    )
    from great_expectations.core.run_identifier import RunIdentifier

    result = checkpoint.run(
        batch_parameters={"dataframe": facts.table(kind)},
        # Named by the period and not by the clock, so that judging again writes the same pages.
        run_id=RunIdentifier(run_name=f"{facts.period:%Y-%m}", run_time=f"{facts.period:%Y-%m-%d}T00:00:00+00:00"),
    )
    for validation in result.run_results.values():
        for answer in validation.results:
            yield answer.expectation_config.meta["place"], answer


def _expectation(gate: Gate, place: int, check: GateCheck) -> Any:
    _library()
    import great_expectations.expectations as library
    from great_expectations.compatibility.pydantic import ValidationError

    more: dict[str, Any] = {} if check.when is None else {"row_condition": _condition(check)}
    try:
        return getattr(library, expectations()[check.expectation].class_name)(
            **check.with_,
            **more,
            severity="critical" if check.if_not == "stop" else "warning",
            description=check.name,
            meta={"place": place},
        )
    except ValidationError as error:
        faults = "; ".join(f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in error.errors())
        what = f"'{check.name}' gives '{check.expectation}' a value that it does not take ({faults})."
        raise ProblemsError([Problem(what, gate.path)]) from None


def _condition(check: GateCheck) -> Any:
    from great_expectations.expectations.row_conditions import AndCondition, Column, ComparisonCondition

    conditions = [
        ComparisonCondition(column=Column(term.column), operator=term.operator, parameter=term.value)
        for term in terms(check.when or "", COLUMNS[check.facts])
    ]
    return conditions[0] if len(conditions) == 1 else AndCondition(conditions=conditions)


def _outcome(check: GateCheck, facts: Facts, answer: Any) -> Outcome:
    """Return what the library's answer means: passed, failed, nothing to look at, or not judged at all."""
    raised = "the library gave no answer" if answer is None else _raised(answer.exception_info)
    if raised is not None:
        return Outcome(check, "crashed", f"'{check.name}' could not be judged: {raised}")
    table = facts.table(check.facts)
    result = answer.result
    looked_at = _looked_at(result, len(table))
    if answer.success is not True:
        return _failed(check, result, facts)
    if looked_at == 0:
        return Outcome(check, "untested", f"{check.name}: not judged, as there is nothing it applies to")
    return Outcome(check, "passed", f"{check.name} ({_met(check, result, facts, looked_at)})")


def _raised(info: Mapping[str, Any]) -> str | None:
    """Return the message of an exception that the library caught, which it files by metric or not at all."""
    for found in (info, *(value for value in info.values() if isinstance(value, Mapping))):
        if found.get("raised_exception"):
            return str(found.get("exception_message") or "it raised an exception").strip().splitlines()[0]
    return None


def _looked_at(result: Mapping[str, Any], rows: int) -> int:
    """Return how many rows were looked at: those that ``when`` lets by and whose value is known."""
    return int(result.get("element_count", rows)) - int(result.get("missing_count") or 0)


def _failed(check: GateCheck, result: Mapping[str, Any], facts: Facts) -> Outcome:
    failing = _failing(check, result, facts.table(check.facts))
    outcome = Outcome(check, "failed", "", tuple(failing))
    more = {"observed": result.get("observed_value"), **(_of_run(facts) if check.facts == "run" else {})}
    return replace(outcome, sentence=sentence(check.says, len(failing), outcome.names, failing, **more))


def _failing(check: GateCheck, result: Mapping[str, Any], table: Any) -> list[dict[str, Any]]:
    """Return the facts of each row that fails, in the order of the table."""
    entries = result.get("unexpected_index_list") or []
    named_by = NAMED_BY[check.facts]
    rows = table.iloc[entries] if named_by is None else table[table[named_by].isin([e[named_by] for e in entries])]
    return [{str(name): value for name, value in row.items()} for row in rows.to_dict("records")]


def _of_run(facts: Facts) -> dict[str, Any]:
    return {str(name): facts.run.iloc[0][name] for name in facts.run}


def _met(check: GateCheck, result: Mapping[str, Any], facts: Facts, looked_at: int) -> str:
    """Return by how much a check passed: 12 of 12 extracts, or the fact that was looked at."""
    if "observed_value" in result:
        return worded(result["observed_value"])
    if check.facts != "run":
        return f"{looked_at - int(result.get('unexpected_count', 0)):,} of {looked_at:,} {check.facts}"
    of_run, columns = _of_run(facts), COLUMNS["run"]
    return "; ".join(f"{columns[name].label.lower()}: {worded(of_run[name])}" for name in columns_of(check))
