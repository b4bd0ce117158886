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
        held = pd.api.types.is_integer_dtype if kind is ColumnType.INTEGER else pd.api.types.is_numeric_dtype
        numbers = cells if held(cells.dtype) else _numbers(texts(cells), kind)
        return numbers.astype("Int64" if kind is ColumnType.INTEGER else "float64")
    moments = cells if pd.api.types.is_datetime64_dtype(cells.dtype) else _moments(texts(cells))
    moments = moments.astype("datetime64[us]")
    return moments.dt.normalize() if kind is ColumnType.DATE else moments


def _numbers(said: pd.Series[Any], kind: ColumnType) -> pd.Series[Any]:
    import pandas as pd

    plain = said.where(said.str.fullmatch(NUMBERS[kind]).fillna(value=False))
    if kind is ColumnType.NUMBER:
        return pd.to_numeric(plain).astype("float64")
    held = plain.map(int, na_action="ignore")
    return held.where(held.between(-_LARGEST, _LARGEST - 1)).astype("Int64")


def _moments(said: pd.Series[Any]) -> pd.Series[Any]:
    """Read each text that occurs once, by each form that could fit it in turn."""
    import pandas as pd

    waiting = said.dropna().drop_duplicates()
    waiting = waiting[waiting.str.contains(YEAR)]
    found: dict[str, pd.Timestamp] = {}
    for form in MOMENTS:
        timed, worded = "%H" in form, "%b" in form or "%B" in form
        # A month in words has a letter besides the T that may stand between a day and its time.
        like = waiting[(waiting.str.contains(":") == timed) & (waiting.str.contains("[A-SU-Za-z]") == worded)]
        if len(like):
            moments = pd.to_datetime(like, format=form, errors="coerce").dropna()
            found |= dict(zip(like[moments.index], moments, strict=True))
            waiting = waiting.drop(moments.index)
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

        def try_coerce(self, data_container: Any) -> Any:
            found = read(data_container, kind)
            bad = data_container[texts(data_container).notna() & found.isna()]
            if len(bad):
                cases = pd.DataFrame({"index": bad.index, "failure_case": bad.to_numpy()})
                raise errors.ParserError(f"not {self}", failure_cases=cases)  # type: ignore[no-untyped-call]
            return found

        def check(self, pandera_dtype: Any, data_container: Any = None) -> bool:
            return True

        def __str__(self) -> str:
            return kind.value

    return Read()
