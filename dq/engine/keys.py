"""The least that says what is wrong: for each flagged row its rule and the key of its record, and no more.

For extracts of many millions, and for whoever may know which records fail but not what they hold.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from dq.engine.compile import ROW, RULE
from dq.engine.plan import Step
from dq.model import Findings, RuleResult
from dq.workspace import Workspace, name, quoted

if TYPE_CHECKING:
    import pyarrow as pa

_BATCH = 100_000


class KeyTable:
    """The keys of flagged records while a run fills them; what :class:`ExceptionTable` is for whole exceptions."""

    def __init__(self, workspace: Workspace, kept: str) -> None:
        self._workspace = workspace
        self._kept = f"{kept}_keys"
        self._rules: list[tuple[str, str]] = []
        workspace.execute(f"CREATE OR REPLACE TABLE {self._kept} (rule_no INTEGER, record_key VARCHAR)")

    def add(self, step: Step, found: str) -> None:
        """Add every row of the table ``found``, which holds what the step's statement gave."""
        first = len(self._rules)
        self._rules += [(bound.rule.id, step.record.name) for bound in step.rules]
        unkeyed = f"coalesce('row ' || ({ROW} + 2), 'no {step.record.key}')"
        self._workspace.execute(
            f"INSERT INTO {self._kept} SELECT {first} + {RULE}, coalesce(CAST({name(step.key)} AS VARCHAR), {unkeyed}) "
            f"FROM {found}"
        )

    def findings(self, results: tuple[RuleResult, ...]) -> Findings:
        """Return what was found; whose the records are is not known."""
        return Findings(results, self, 0, 0, keys_only=True)

    def table(self) -> pa.Table:
        """Return rule_id, extract and record_key of every flagged row, in no order."""
        import pyarrow as pa

        said = pa.dictionary(pa.int32(), pa.string())
        columns = pa.schema({"rule_id": said, "extract": said, "record_key": pa.string()})
        return pa.Table.from_batches(self.batches(), columns)

    def batches(self) -> Iterator[pa.RecordBatch]:
        """Yield the same a hundred thousand rows at a time; rule and extract are dictionary-encoded."""
        import pyarrow as pa

        rows = ", ".join(f"({quoted(rule)}, {quoted(extract)})" for rule, extract in self._rules or [("", "")])
        said = self._workspace.arrow(f"VALUES {rows}").combine_chunks()
        for batch in self._workspace.arrow_batches(f"SELECT rule_no, record_key FROM {self._kept}", _BATCH):
            rule, extract = (
                pa.DictionaryArray.from_arrays(batch.column("rule_no"), said.column(i).chunk(0)) for i in (0, 1)
            )
            keys = batch.column("record_key")
            yield pa.RecordBatch.from_arrays([rule, extract, keys], names=["rule_id", "extract", "record_key"])
