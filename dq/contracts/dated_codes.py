"""Code lists in which codes come and go: which can be used on the day of a record, for the engine and for Pandera.

The day is that of the column the contract says dates the codes (``dated_by``, else its ``event``); a record without
one is judged by the end of the period.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from dq.contracts.reading import read
from dq.model import Code, CodeList, Column, ColumnType, Contract

Span = tuple[dt.date | None, dt.date | None]
"""The first and last day on which codes can be used; None where nothing bounds it."""


def is_dated(codes: CodeList) -> bool:
    """Whether any code of a list came or went."""
    return any(_span(code) != (None, None) for code in codes.codes.values())


def dating_column(contract: Contract, column: Column) -> str | None:
    """Return the column whose day decides which codes of a dated list can be used, if the extract has one."""
    return column.dated_by or contract.event


def in_list(name: str, codes: CodeList, dated_by: str | None) -> str:
    """Return the SQL of whether a column holds a code that can be used on the day of the record.

    Codes are in order, for the order in which a list is written means nothing.
    """
    day = ":period_end" if dated_by is None else f"coalesce(cast({dated_by} as date), :period_end)"
    tests = []
    for (since, until), listed in _by_span(codes).items():
        quoted = ", ".join("'" + code.replace("'", "''") + "'" for code in listed)
        limits = [f"{day} >= date '{since}'"] if since else []
        limits += [f"{day} <= date '{until}'"] if until else []
        tests.append(" and ".join([f"{name} in ({quoted})", *limits]))
    if not is_dated(codes):
        return tests[0]
    # Of a null, 'in' and the limits together could say false, where a list without dates says nothing.
    return f"{name} is null or {' or '.join(f'({test})' for test in tests)}"


def dated_checks(
    contract: Contract, code_lists: Mapping[str, CodeList], period_end: dt.date | None = None
) -> Iterator[Any]:
    """Yield, for a data frame's schema, a check for every column with a dated list, named ``codes`` as the engine's.

    Pandera's check of a column sees no other column, so these are of the frame; a failure case is
    ``{column: code}``. Without ``period_end`` a record with no day is not judged.
    """
    import pandera.pandas as pandera

    for name, column in contract.columns.items():
        if column.codes is not None and is_dated(code_lists[column.codes]):
            holds = _frame_check(contract, name, code_lists[column.codes], period_end)
            yield pandera.Check(holds, name="codes", error="codes", ignore_na=False)


def _frame_check(contract: Contract, name: str, codes: CodeList, period_end: dt.date | None) -> Any:
    dated_by = dating_column(contract, contract.columns[name])

    def holds(frame: Any) -> Any:
        import pandas as pd

        right = pd.DataFrame(data=True, index=frame.index, columns=frame.columns)
        if name not in frame:
            return right
        cells = read(frame[name], ColumnType.CODE)
        days = pd.Series(pd.NaT, index=frame.index, dtype="datetime64[us]")
        if dated_by is not None and dated_by in frame:
            days = read(frame[dated_by], ColumnType.DATETIME).dt.normalize()
        if period_end is not None:
            days = days.fillna(pd.Timestamp(period_end))
        wrong = pd.Series(data=False, index=frame.index)
        for (since, until), listed in _by_span(codes).items():
            early = days < pd.Timestamp(since) if since else False
            late = days > pd.Timestamp(until) if until else False
            wrong |= cells.isin(listed) & (early | late)
        right[name] = ~wrong
        return right

    return holds


def _span(code: Code) -> Span:
    return code.since, code.until


def _by_span(codes: CodeList) -> dict[Span, list[str]]:
    spans: dict[Span, list[str]] = defaultdict(list)
    for code, about in sorted(codes.codes.items()):
        spans[_span(about)].append(code)
    return spans
