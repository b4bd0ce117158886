"""Run the other CIN validator on an XML return, in its own environment: which cells does each rule flag?

``cin.py RETURN YEAR OUT`` runs the whole as its own command does. With ``--each`` every rule is run alone, so that one
that stops does not take the others with it, and OUT is written, (code, table, row, field) of every cell flagged, rows
counted from 0; a rule about the return as a whole has no row, and one that stops says so for a table.
"""

from __future__ import annotations

import contextlib
import csv
import importlib
import io
import sys
import xml.etree.ElementTree as ET
from pathlib import Path


def main() -> None:
    path, year, out = sys.argv[1:4]
    registry = importlib.import_module(f"cin_validator.rules.cin{int(year) - 1}_{year[2:]}").registry
    from cin_validator.cin_validator import CinValidator, convert_data, process_data

    tables = process_data(convert_data(ET.parse(path).getroot()))
    if "--each" not in sys.argv:
        CinValidator(tables, registry).full_issue_df.to_csv(out)
        return
    with Path(out).open("w", encoding="utf-8", newline="") as file:
        write = csv.writer(file, lineterminator="\n").writerow
        write(["code", "table", "row", "field"])
        for code in registry:
            said = io.StringIO()
            try:
                with contextlib.redirect_stdout(said):
                    found = CinValidator(tables, registry, [code])
            except Exception as error:  # noqa: BLE001 - whatever stops a rule is told
                write([code, "raised", type(error).__name__, ""])
                continue
            if "Error with rule" in said.getvalue():
                write([code, "raised", said.getvalue().strip()[:80], ""])
            for row in found.full_issue_df.itertuples():
                write([code, row.tables_affected, row.row_id, row.columns_affected])
            for _ in found.la_rules_broken:
                write([code, "", "", ""])


if __name__ == "__main__":
    main()
