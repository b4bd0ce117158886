"""Findings whose exceptions are a table of the test's own, for rooms that only read them."""

from __future__ import annotations

from collections.abc import Iterator

import pyarrow as pa

from dq.model import Findings, RuleResult


class _Held:
    def __init__(self, rows: pa.Table) -> None:
        self._rows = rows

    def table(self) -> pa.Table:
        return self._rows

    def batches(self) -> Iterator[pa.RecordBatch]:
        yield from self._rows.to_batches()


def held(results: tuple[RuleResult, ...], rows: pa.Table) -> Findings:
    """Return findings with these results and exceptions."""
    teams = rows["team_id"].to_pylist() if "team_id" in rows.column_names else []
    return Findings(results, _Held(rows), len(set(teams) - {None}), teams.count(None))
