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

# Only syntax that Python's re and Arrow's RE2 read alike.
RUNS = '(?:[\\x00-\\x20"\u00a0\u200b\u3000\ufeff]*[=+\\-@＝＋－＠−]|[\\t\\r\\n])'
HARMLESS = "-(?:[0-9]+(?:\\.[0-9]+)?)?"


def neutralise(text: str) -> str:
    """Return ``text``, led by an apostrophe where a spreadsheet would run it as a formula."""
    if re.match(RUNS, text) and not re.fullmatch(HARMLESS, text):
        return f"'{text}"
    return text


def neutralised(cell: str) -> str:
    """Return the SQL of a text, led by an apostrophe where a spreadsheet would run it as a formula."""
    runs, harmless = (pattern.replace("'", "''") for pattern in (f"^{RUNS}", f"^{HARMLESS}$"))
    # Letters and digits begin nothing that runs: most cells need no more than that.
    plain = f"{cell} >= '0' AND {cell} < ':' OR {cell} >= 'A' AND {cell} < '{{'"
    would_run = f"regexp_matches({cell}, '{runs}') AND NOT regexp_matches({cell}, '{harmless}')"
    return f"CASE WHEN {plain} THEN {cell} WHEN {would_run} THEN chr(39) || {cell} ELSE {cell} END"
