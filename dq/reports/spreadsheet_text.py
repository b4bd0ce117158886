"""Text that a spreadsheet would run is made to stay text, the same way in every CSV file and workbook.

A cell that begins with = + - or @ is a formula to Excel and LibreOffice, whoever typed it: a child's record can
hold one. Such text gets a leading apostrophe, the spreadsheets' own mark for "this is text". Spaces and quotation
marks before the sign are looked through, since some programs strip them on the way in; so are the full-width signs
that Japanese Excel accepts. Text led by a tab or a line break is treated alike.

A lone dash and a plain negative number (-5, -2.5) run nothing and are left as they are. A number led by + is not: a
telephone number would lose its plus sign.
"""

from __future__ import annotations

import re

import pyarrow as pa
import pyarrow.compute as pc

# Only syntax that Python's re and Arrow's RE2 read alike.
_RUNS = '(?:[\\x00-\\x20"\u00a0\u200b\u3000\ufeff]*[=+\\-@＝＋－＠−]|[\\t\\r\\n])'
_HARMLESS = "-(?:[0-9]+(?:\\.[0-9]+)?)?"


def neutralise(text: str) -> str:
    """Return ``text``, led by an apostrophe where a spreadsheet would run it as a formula."""
    if re.match(_RUNS, text) and not re.fullmatch(_HARMLESS, text):
        return f"'{text}"
    return text


def neutralise_table(table: pa.Table) -> pa.Table:
    """Return ``table`` with every text column neutralised; other columns, and the order, as they are."""
    columns = [_neutralise_column(column) for column in table.columns]
    return pa.table(columns, names=table.column_names)


def _neutralise_column(column: pa.ChunkedArray) -> pa.ChunkedArray:
    if pa.types.is_dictionary(column.type):
        return pa.chunked_array([_neutralise_words(chunk) for chunk in column.chunks], column.type)
    if not (pa.types.is_string(column.type) or pa.types.is_large_string(column.type)):
        return column
    risky = pc.match_substring_regex(column, f"^{_RUNS}")
    if not pc.any(risky).as_py():
        return column
    risky = pc.and_not(risky, pc.match_substring_regex(column, f"^{_HARMLESS}$"))
    empty = pa.scalar("", column.type)
    return pc.if_else(risky, pc.binary_join_element_wise(pa.scalar("'", column.type), column, empty), column)


def _neutralise_words(chunk: pa.DictionaryArray) -> pa.DictionaryArray:
    """Neutralise each word of a dictionary once, however many rows say it."""
    words = _neutralise_column(pa.chunked_array([chunk.dictionary])).combine_chunks()
    return pa.DictionaryArray.from_arrays(chunk.indices, words)
