"""How an exception says what is wrong: its message, and the values in question, as SQL over a flagged row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from dq.sources.cast import as_text
from dq.workspace import name, quoted


def message_sql(message: str, types: Mapping[str, str], table: str) -> str:
    """Return the SQL that words a rule's message for one row: dates as 4 May 2017, nothing as (blank)."""
    parts: list[str] = []
    for i, piece in enumerate(message.split("{")):
        column, closed, text = piece.partition("}") if i else ("", "", piece)
        if closed:
            parts.append(f"coalesce({_worded(f'{table}.{name(column)}', types[column])}, '(blank)')")
        parts.append(quoted(text))
    return " || ".join(part for part in parts if part != "''") or "''"


def note_sql(note: str | None, types: Mapping[str, str], table: str) -> str:
    """Return the SQL that words the note that is sent with a query, for one row; null where there is none."""
    return "CAST(NULL AS VARCHAR)" if note is None else message_sql(note, types, table)


def _worded(cell: str, kind: str) -> str:
    if kind == "DATE":
        return f"strftime({cell}, '%-d %b %Y')"
    if kind.startswith("TIMESTAMP"):
        return f"strftime({cell}, '%-d %b %Y %H:%M')"
    return as_text(cell, kind)


def values_sql(fields: Sequence[str], types: Mapping[str, str], table: str) -> str:
    """Return the SQL of the values in question, as JSON; what could not be read is shown as it came."""
    pairs = []
    for field in fields:
        cell = as_text(f"{table}.{name(field)}", types[field])
        came = f"{table}.unread[{quoted(field)}]" if "unread" in types else "NULL"
        pairs.append(f"{quoted(field)}, coalesce({cell}, {came})")
    return f"CAST(json_object({', '.join(pairs)}) AS VARCHAR)"
