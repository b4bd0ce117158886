"""Tables that no spreadsheet would run, for CSV files: what :mod:`dq.formulas` says of one text, of whole columns."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from dq.formulas import HARMLESS, RUNS


def neutralise_table(table: pa.Table) -> pa.Table:
    """Return ``table`` with every text column neutralised; other columns, and the order, as they are."""
    columns = [_neutralise_column(column) for column in table.columns]
    return pa.table(columns, names=table.column_names)


def _neutralise_column(column: pa.ChunkedArray) -> pa.ChunkedArray:
    if pa.types.is_dictionary(column.type):
        return pa.chunked_array([_neutralise_words(chunk) for chunk in column.chunks], column.type)
    if not (pa.types.is_string(column.type) or pa.types.is_large_string(column.type)):
        return column
    risky = pc.match_substring_regex(column, f"^{RUNS}")
    if not pc.any(risky).as_py():
        return column
    risky = pc.and_not(risky, pc.match_substring_regex(column, f"^{HARMLESS}$"))
    empty = pa.scalar("", column.type)
    return pc.if_else(risky, pc.binary_join_element_wise(pa.scalar("'", column.type), column, empty), column)


def _neutralise_words(chunk: pa.DictionaryArray) -> pa.DictionaryArray:
    """Neutralise each word of a dictionary once, however many rows say it."""
    words = _neutralise_column(pa.chunked_array([chunk.dictionary])).combine_chunks()
    return pa.DictionaryArray.from_arrays(chunk.indices, words)
