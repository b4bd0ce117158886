"""The least that says what is wrong: for each flagged row its rule and the key of its record, and no more.

For extracts of many millions, and for whoever may know which records fail but not what they hold.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from dq.engine.compile import ROW, RULE
from dq.engine.plan import Step
from dq.formulas import neutralised
from dq.model import Findings, RuleResult
from dq.workspace import Workspace, name, quoted

if TYPE_CHECKING:
    import pyarrow as pa

SHADOW = "shadow.csv"
"""The file of what rules in shadow found."""

_BATCH = 100_000


def keys_file(kind: str) -> str:
    """Return the name of the file that keys are written into as csv or parquet."""
    return f"keys.{kind}"


class KeyTable:
    """The keys of flagged records while a run fills them; what :class:`ExceptionTable` is for whole exceptions."""

    def __init__(self, workspace: Workspace, kept: str) -> None:
        self._workspace = workspace
        self._kept = f"{kept}_keys"
        self._found: list[tuple[str, Step]] = []

    def add(self, step: Step, found: str) -> None:
        """Take the table ``found``, which holds what the step's statement gave, for its own: it may be large."""
        table = f"{self._kept}_{len(self._found)}"
        self._workspace.execute(f"DROP TABLE IF EXISTS {table}")
        self._workspace.execute(f"ALTER TABLE {found} RENAME TO {table}")
        self._found.append((table, step))

    def findings(self, results: tuple[RuleResult, ...]) -> Findings:
        """Return what was found; whose the records are is not known."""
        return Findings(results, self, 0, 0, keys=self)

    def write(self, into: Path) -> None:
        """Write rule_id, extract and record_key of every flagged row, in the order they were found.

        The workspace must have been opened for this file, .csv or .parquet. Nothing in a CSV is a formula to a
        spreadsheet.
        """
        if into.suffix == ".parquet":
            self._copy("record_key", into, "FORMAT parquet, COMPRESSION snappy")
        else:
            self._copy(f"{neutralised('record_key')} AS record_key", into, "FORMAT csv, HEADER, FORCE_QUOTE *")

    def _copy(self, key: str, into: Path, how: str) -> None:
        # At once into the file itself, for no other may be written.
        query = f"SELECT rule_id, extract, {key} FROM ({self._said()})"
        self._workspace.execute(f"COPY ({query}) TO {quoted(into.resolve())} ({how}, USE_TMP_FILE false)")

    def _said(self) -> str:
        parts = ["SELECT '' AS rule_id, '' AS extract, '' AS record_key WHERE false"]
        for table, step in self._found:
            rules = ", ".join(quoted(bound.rule.id) for bound in step.rules)
            unkeyed = f"coalesce('row ' || ({ROW} + 2), 'no {step.record.key}')"
            parts.append(
                f"SELECT [{rules}][{RULE} + 1], {quoted(step.record.name)}, "
                f"coalesce(CAST({name(step.key)} AS VARCHAR), {unkeyed}) FROM {table}"
            )
        return " UNION ALL ".join(parts)

    def table(self) -> pa.Table:
        """Return the same as a table."""
        return self._workspace.arrow(self._said())

    def batches(self) -> Iterator[pa.RecordBatch]:
        """Yield the same a hundred thousand rows at a time."""
        yield from self._workspace.arrow_batches(self._said(), _BATCH)
