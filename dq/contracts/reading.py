"""The cells of a data frame read as a contract's types, as the engine reads those of a file.

For anyone's notebook: a frame read with ``pandas.read_csv`` holds texts, and pandas alone would take 03/04/2016 for
the fourth of March. Cells that are of the type already are left as they are.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from dq.contracts.forms import MOMENTS, NULLS, NUMBERS, YEAR
from dq.model import ColumnType

if TYPE_CHECKING:
    import pandas as pd

SPACES = " \u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
"""What the engine trims: Unicode's space separators."""
_LARGEST = 2**63


def texts(cells: pd.Series[Any]) -> pd.Series[Any]:
    """Return cells as texts without spaces at their ends, null where they hold nothing."""
    import pandas as pd

    if pd.api.types.is_float_dtype(cells.dtype):
        # A key read as a number with gaps: pandas makes 123 of it 123.0.
        whole = cells.dropna() % 1 == 0
        cells = cells.astype("Int64") if whole.all() else cells
    said = cells.astype("string").str.strip(SPACES)
    return said.mask(said.isin(NULLS)).astype("str")


def read(cells: pd.Series[Any], kind: ColumnType) -> pd.Series[Any]:
    """Return cells as the type of a column, null where they hold nothing or cannot be read.

    Dates and times are ``datetime64[us]``, whole numbers ``Int64``, numbers ``float64``, all else ``str``.
    """
    import pandas as pd

    if kind in {ColumnType.TEXT, ColumnType.CODE}:
        return texts(cells)
    if kind in NUMBERS:
        if not pd.api.types.is_numeric_dtype(cells.dtype):
            cells = _numbers(texts(cells), kind)
        return cells.astype("float64" if kind is ColumnType.NUMBER else "Int64")
    moments = cells if pd.api.types.is_datetime64_dtype(cells.dtype) else _moments(texts(cells))
    moments = moments.astype("datetime64[us]")
    return moments.dt.normalize() if kind is ColumnType.DATE else moments


def unread(cells: pd.Series[Any], kind: ColumnType) -> pd.Series[Any]:
    """Return for each cell whether it holds something that cannot be read as the type of its column."""
    return texts(cells).notna() & read(cells, kind).isna()


def _numbers(said: pd.Series[Any], kind: ColumnType) -> pd.Series[Any]:
    import pandas as pd

    plain = said.where(said.str.fullmatch(NUMBERS[kind]).fillna(value=False))
    if kind is ColumnType.NUMBER:
        return pd.to_numeric(plain).astype("float64")
    held = plain.map(int, na_action="ignore")
    return held.where(held.between(-_LARGEST, _LARGEST - 1)).astype("Int64")


def _moments(said: pd.Series[Any]) -> pd.Series[Any]:
    """Read each text that occurs once, by each form in turn."""
    import pandas as pd

    waiting = said.dropna().drop_duplicates()
    waiting = waiting[waiting.str.contains(YEAR)]
    found: dict[str, pd.Timestamp] = {}
    for form in MOMENTS:
        moments = pd.to_datetime(waiting, format=form, errors="coerce")
        found |= dict(zip(waiting[moments.notna()], moments.dropna(), strict=True))
        waiting = waiting[moments.isna()]
    return said.map(found).astype("datetime64[us]")


@cache
def frame_type(kind: ColumnType) -> Any:
    """Return Pandera's type of a column whose cells are read so; what cannot be read is told as a failed coercion."""
    import pandas as pd
    from pandera import errors
    from pandera.engines import pandas_engine

    class Read(pandas_engine.DataType):
        """A column as a contract reads it."""

        def __init__(self) -> None:
            object.__setattr__(self, "type", pd.api.types.pandas_dtype("object"))

        def coerce(self, data_container: Any) -> Any:
            return read(data_container, kind)

        def try_coerce(self, data_container: Any) -> Any:
            bad = data_container[unread(data_container, kind)]
            if len(bad):
                cases = pd.DataFrame({"index": bad.index, "failure_case": bad.to_numpy()})
                raise errors.ParserError(f"not {self}", failure_cases=cases)  # type: ignore[no-untyped-call]
            return self.coerce(data_container)

        def check(self, pandera_dtype: Any, data_container: Any = None) -> bool:
            return True

        def __str__(self) -> str:
            return kind.value

    return Read()
