"""What putting each record right could do to each figure, as a table: effects.csv."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa

from dq.model import Figure, Polarity, RunResult, Scope
from dq.reports.data_files import Cell
from dq.reports.exception_files import write_table

COLUMNS = (
    "exception_id", "indicator_id", "split", "number", "title", "scope_type", "scope_id", "scope_name", "unit", "value",
    "value_if_least", "value_if_most", "could_be", "change_if_better", "change_if_worse", "rag", "rag_if_better",
    "rag_if_worse", "settles",
)  # fmt: skip


def write_effects(result: RunResult, out: Path) -> None:
    """Write effects.csv into ``out``: a row an exception and figure of the scorecard that it could move by itself."""
    rows = list(_rows(result))
    columns = {
        name: pa.array([row[i] for row in rows], _TYPES.get(name, pa.string())) for i, name in enumerate(COLUMNS)
    }
    write_table(pa.table(columns), out / "effects.csv")


_NUMBERS = ("value", "value_if_least", "value_if_most", "change_if_better", "change_if_worse")
_TYPES = {name: pa.float64() for name in _NUMBERS} | {"settles": pa.bool_()}


def _rows(result: RunResult) -> Iterator[tuple[Cell, ...]]:
    assert result.effects is not None  # noqa: S101 - a run that publishes works them out
    by_scope: dict[tuple[str, str, str], list[Figure]] = {}
    for figure in result.figures:
        if figure.available:
            by_scope.setdefault((figure.measure, figure.scope.type, _id(figure.scope)), []).append(figure)
    for one in result.effects.to_pylist():
        for figure in by_scope.get((one["measure"], one["scope_type"], one["scope_id"]), ()):
            yield _row(one["exception_id"], figure, one["least"], one["most"], one["could_be"])


def _id(scope: Scope) -> str:
    return "" if scope.type == "authority" else scope.id


def _row(
    exception: str, figure: Figure, least: float | None, most: float | None, could_be: list[float]
) -> tuple[Cell, ...]:
    scope, indicator, band = figure.scope, figure.indicator, figure.band
    better, worse = {Polarity.HIGH: (most, least), Polarity.LOW: (least, most)}.get(indicator.polarity, (None, None))

    def change(then: float | None) -> float | None:
        return None if then is None or figure.value is None else then - figure.value

    def colour(then: float | None) -> str | None:
        return None if then is None or band is None else band.colour(then)

    return (
        exception, indicator.id, figure.split, figure.number, figure.title or indicator.title, scope.type, scope.id,
        scope.name, indicator.unit.value, figure.value, least, most, ";".join(str(value) for value in could_be),
        change(better), change(worse), figure.rag, colour(better), colour(worse),
        figure.settle is not None and exception in figure.settle.exceptions,
    )  # fmt: skip
