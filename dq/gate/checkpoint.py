"""Great Expectations at work: a gate's checks as suites, run on the facts as checkpoints.

The library takes seconds to import, so it is imported where it is used and not before.
"""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dq.gate.check import expectations as known_expectations
from dq.gate.check import line_of
from dq.gate.columns import COLUMNS, NAMED_BY, Kind
from dq.gate.facts import Facts
from dq.gate.when import terms
from dq.model import Gate, GateCheck
from dq.problems import refuse

if TYPE_CHECKING:
    from great_expectations.core import ExpectationValidationResult
    from great_expectations.data_context.data_context.abstract_data_context import AbstractDataContext
    from great_expectations.expectations.expectation import Expectation
    from great_expectations.expectations.row_conditions import Condition

_SITE = "docs"
_LIBRARY_WARNINGS = (
    # The library imports standard modules that Python 3.11 calls by other names.
    ("module 'sre_constants' is deprecated", DeprecationWarning),
    ("module 'sre_parse' is deprecated", DeprecationWarning),
)


def warm_up() -> None:
    """Import Great Expectations, which takes seconds: call it in a thread while other work is done.

    None of its usage statistics are sent.
    """
    os.environ["GX_ANALYTICS_ENABLED"] = "False"
    for message, category in _LIBRARY_WARNINGS:
        warnings.filterwarnings("ignore", message=message, category=category)
    import great_expectations  # noqa: F401


def ask(gate: Gate, facts: Facts, site: Path) -> Mapping[int, ExpectationValidationResult]:
    """Return the library's result for each check, by the check's place in the gate, and write its site.

    Raises ProblemsError where a check gives its expectation a value that it does not take.
    """
    warm_up()
    context = _context(site)
    answers = {place: answer for kind in COLUMNS for place, answer in _run(context, gate, facts, kind)}
    context.build_data_docs(site_names=[_SITE], build_index=False)
    return answers


def _context(site: Path) -> AbstractDataContext:
    """Return a context that keeps everything in memory, but for the pages it writes to ``site``."""
    import great_expectations as gx
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
                    # Results alone: the pages say what is expected too. "None" is how the library says none.
                    "site_section_builders": {"expectations": "None", "profiling": "None"},
                }
            },
        ),
    )


def _run(
    context: AbstractDataContext, gate: Gate, facts: Facts, kind: Kind
) -> Iterator[tuple[int, ExpectationValidationResult]]:
    """Run the checks on one table of facts as a checkpoint; yield each check's place in the gate and result."""
    checks = [(place, check) for place, check in enumerate(gate.checks) if check.facts == kind]
    if not checks:
        return
    import great_expectations as gx
    from great_expectations.core.run_identifier import RunIdentifier

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
    result = checkpoint.run(
        batch_parameters={"dataframe": facts.table(kind)},
        # Named by the period and not by the clock, so that judging again writes the same pages.
        run_id=RunIdentifier(run_name=f"{facts.period:%Y-%m}", run_time=f"{facts.period:%Y-%m-%d}T00:00:00+00:00"),
    )
    for validation in result.run_results.values():
        for answer in validation.results:
            about = None if answer.expectation_config is None else answer.expectation_config.meta
            if about is not None:  # an answer that cannot be told apart is no answer, which stops
                yield about["place"], answer


def _expectation(gate: Gate, place: int, check: GateCheck) -> Expectation:
    import great_expectations.expectations as library
    from great_expectations.compatibility.pydantic import ValidationError

    more: dict[str, Any] = {} if check.when is None else {"row_condition": _condition(check)}
    try:
        expectation: Expectation = getattr(library, known_expectations()[check.expectation].class_name)(
            **check.with_,
            **more,
            severity="critical" if check.if_not == "stop" else "warning",
            description=check.name,
            meta={"place": place},
        )
        return expectation
    except ValidationError as error:
        faults = "; ".join(f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in error.errors())
        what = f"'{check.name}' gives '{check.expectation}' a value that it does not take ({faults})."
        raise refuse(what, gate.path, line_of(gate, check)) from None


def _condition(check: GateCheck) -> Condition:
    from great_expectations.expectations.row_conditions import AndCondition, Column, ComparisonCondition, Operator

    conditions: list[Condition] = [
        ComparisonCondition(column=Column(term.column), operator=Operator(term.operator), parameter=term.value)
        for term in terms(check.when or "", COLUMNS[check.facts])
    ]
    return conditions[0] if len(conditions) == 1 else AndCondition(conditions=conditions)
