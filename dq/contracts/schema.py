"""A contract as a Pandera schema: for the door, where headings are judged, and for anyone's notebook."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from dq.model import CodeList, Column, ColumnType, Contract

if TYPE_CHECKING:
    import pandera.pandas as pandera

_DTYPES = {
    ColumnType.TEXT: "str",
    ColumnType.CODE: "str",
    ColumnType.DATE: "datetime64[us]",
    ColumnType.DATETIME: "datetime64[us]",
    ColumnType.INTEGER: "Int64",
    ColumnType.NUMBER: "float64",
}


@dataclass(frozen=True)
class Headings:
    """How a file's headings stand against the contract."""

    missing: tuple[str, ...]
    unknown: tuple[str, ...]


def judge_headings(contract: Contract, headings: Sequence[str]) -> Headings:
    """Return which columns of the contract a file lacks, and which of its own the contract does not know."""
    import pandas as pd
    import pandera.pandas as pandera
    from pandera.errors import SchemaErrors

    structure = pandera.DataFrameSchema({name: pandera.Column(None) for name in contract.columns}, strict=True)
    try:
        structure.validate(pd.DataFrame(columns=list(headings)), lazy=True)
    except SchemaErrors as error:
        failed = error.failure_cases
        missing = set(failed.loc[failed["check"] == "column_in_dataframe", "failure_case"])
        unknown = set(failed.loc[failed["check"] == "column_in_schema", "failure_case"])
        return Headings(
            tuple(name for name in contract.columns if name in missing),
            tuple(name for name in headings if name in unknown),
        )
    return Headings((), ())


def schema_of(
    contract: Contract, code_lists: Mapping[str, CodeList], period_end: dt.date | None = None
) -> pandera.DataFrameSchema:
    """Return the Pandera schema of an extract read into pandas: types, required, unique, codes, ranges, future.

    ``period_end`` is the day after which a date is in the future; without it that check is left out. References
    to other extracts are the engine's to check, for a schema sees one table.
    """
    import pandera.pandas as pandera

    columns = {
        name: pandera.Column(
            _DTYPES[column.type],
            checks=_checks(column, code_lists, period_end),
            nullable=not column.required,
            unique=name == contract.key,
            report_duplicates="all",
            title=column.label,
        )
        for name, column in contract.columns.items()
    }
    return pandera.DataFrameSchema(columns, name=contract.name, title=contract.title, strict="filter", coerce=True)


def _checks(column: Column, code_lists: Mapping[str, CodeList], period_end: dt.date | None) -> list[Any]:
    import pandas as pd
    import pandera.pandas as pandera

    checks = []
    if column.codes is not None:
        checks.append(pandera.Check.isin(list(code_lists[column.codes].codes), name="codes"))
    if column.not_future and period_end is not None:
        after = pd.Timestamp(period_end) + pd.Timedelta(days=1)
        checks.append(pandera.Check.less_than(after, name="future"))
    if column.not_before is not None:
        checks.append(pandera.Check.greater_than_or_equal_to(pd.Timestamp(column.not_before), name="range"))
    if column.at_least is not None:
        checks.append(pandera.Check.greater_than_or_equal_to(column.at_least, name="range"))
    if column.at_most is not None:
        checks.append(pandera.Check.less_than_or_equal_to(column.at_most, name="range"))
    return checks
