"""The marks of a run: for each flagged record, the cells of other records that the fault lies in as well."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from sqlglot import exp

from dq.engine.compile import RULE, compiled
from dq.engine.places import Place, StatementError
from dq.engine.plan import Step
from dq.language.bind import MARKED
from dq.library.policy import BoundMark, BoundRule, Library
from dq.workspace import Workspace, name, quoted

if TYPE_CHECKING:
    import pyarrow as pa

_FLAGGED, _PAIRS = "flagged_now", "marked_now"
_COLUMNS = ("rule_id", "flagged_key", "extract", "record_key", "field")
_BATCH = 100_000


class MarkTable:
    """The marks while a run fills them. Marked records are looked for beside those that were flagged, and no others."""

    def __init__(self, workspace: Workspace, library: Library, place: Place, kept: str) -> None:
        """Make the table ``<kept>_marks``; ``<kept>s`` are the exceptions that the marks go with."""
        self._workspace = workspace
        self._library = library
        self._place = place
        self._kept = kept
        columns = ", ".join(f"{column} VARCHAR" for column in _COLUMNS)
        workspace.execute(f"CREATE OR REPLACE TABLE {kept}_marks ({columns})")

    def add(self, step: Step, found: str) -> dict[str, str]:
        """Add the marks of all rows in the table ``found``, which holds what the step's statement gave.

        Return rule → why its marks could not be worked out, for those of which that is so.
        """
        failed = {}
        for i, bound in enumerate(step.rules):
            if bound.marks:
                keys = f"SELECT DISTINCT {name(step.key)} FROM {found} WHERE {RULE} = {i}"
                self._workspace.execute(f"CREATE OR REPLACE TEMP TABLE {_FLAGGED} AS {keys}")
                try:
                    for mark in bound.marks:
                        self._add(bound, step, mark)
                except StatementError as error:
                    failed[bound.rule.id] = f"what else is in doubt could not be found: {error}"
        return failed

    def _add(self, bound: BoundRule, step: Step, mark: BoundMark) -> None:
        pairs = compiled(mark.pairs, self._library.thresholds)
        assert isinstance(pairs, exp.Select)  # noqa: S101 - a mark is bound as one SELECT
        self._place.fetch(pairs, exp.column(step.key, step.on), (_FLAGGED, step.key), _PAIRS)
        fields = ", ".join(map(quoted, mark.mark.fields))
        self._workspace.execute(
            f"INSERT INTO {self._kept}_marks "
            f"SELECT DISTINCT {quoted(bound.rule.id)}, CAST({name(step.key)} AS VARCHAR), "
            f"{quoted(mark.mark.table)}, CAST({MARKED} AS VARCHAR), unnest([{fields}]) "
            f"FROM {_PAIRS} WHERE {MARKED} IS NOT NULL"
        )

    def table(self) -> pa.Table:
        """Return all marks: the rule, the key of the flagged record, and of each marked one extract, key and field."""
        return self._workspace.arrow(f"SELECT DISTINCT * FROM {self._kept}_marks ORDER BY ALL")

    def batches(self) -> Iterator[pa.RecordBatch]:
        """Yield the marks by exception, a hundred thousand at a time: exception_id, extract, record_key and field."""
        yield from self._workspace.arrow_batches(
            f"SELECT DISTINCT found.exception_id, marks.extract, marks.record_key, marks.field "
            f"FROM {self._kept}_marks AS marks JOIN {self._kept}s AS found "
            "ON found.rule_id = marks.rule_id AND found.record_key = marks.flagged_key ORDER BY ALL",
            _BATCH,
        )


def marked(rules: Sequence[BoundRule]) -> bool:
    """Whether any of the rules has marks."""
    return any(bound.marks for bound in rules)
