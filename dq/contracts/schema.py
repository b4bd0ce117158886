"""A contract as a Pandera schema: for anyone's notebook, and to referee the engine's own checks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from dq.contracts.dated_codes import dated_checks
from dq.contracts.reading import frame_type, read
from dq.model import CodeList, Column, Contract

if TYPE_CHECKING:
    import pandera.pandas as pandera


def schema_of(
    contract: Contract, code_lists: Mapping[str, CodeList], period_end: dt.date | None = None
) -> pandera.DataFrameSchema:
    """Return the Pandera schema of an extract in a data frame: readable, required, unique, codes, ranges, future.

    Cells may be texts, as in a file, or of their type already. ``period_end`` is the day after which a date is in the
    future; without it that check is left out. References to other extracts are the engine's to check, for a schema
    sees one table.
    """
    import pandera.pandas as pandera

    columns = {
        name: pandera.Column(
            frame_type(column.type),
            checks=list(_checks(contract, name, column, code_lists, period_end)),
            nullable=True,
            required=not column.optional,
            title=column.label,
        )
        for name, column in contract.columns.items()
    }
    return pandera.DataFrameSchema(
        columns,
        checks=list(dated_checks(contract, code_lists, period_end)),
        name=contract.name,
        title=contract.title,
        strict="filter",
        coerce=True,
    )


def _checks(
    contract: Contract, name: str, column: Column, code_lists: Mapping[str, CodeList], period_end: dt.date | None
) -> Iterator[Any]:
    """Yield the checks of one column, named as the engine's rules are."""
    import pandas as pd

    if column.required:
        yield _check("required", column, lambda cells: cells.notna())
    if name == contract.key:
        yield _check("unique", column, lambda cells: cells.isna() | ~cells.duplicated(keep=False))
    if column.codes is not None:
        codes = list(code_lists[column.codes].codes)
        yield _check("codes", column, lambda cells: cells.isna() | cells.isin(codes))
    if column.not_future and period_end is not None:
        after = pd.Timestamp(period_end) + pd.Timedelta(days=1)
        yield _check("future", column, lambda cells: ~(cells >= after))
    least = column.at_least if column.not_before is None else pd.Timestamp(column.not_before)
    if least is not None or column.at_most is not None:
        yield _check("range", column, lambda cells: _within(cells, least, column.at_most))


def _within(cells: Any, least: Any, most: Any) -> Any:
    """Whether cells are within the bounds there are; one that holds nothing is."""
    below = False if least is None else (cells < least).fillna(value=False)
    above = False if most is None else (cells > most).fillna(value=False)
    return ~(below | above)


def _check(name: str, column: Column, holds: Callable[[Any], Any]) -> Any:
    """Return a check of the cells as they are read: those that cannot be are nothing to it, as to the engine."""
    import pandera.pandas as pandera

    return pandera.Check(lambda cells: holds(read(cells, column.type)), name=name, error=name, ignore_na=False)
