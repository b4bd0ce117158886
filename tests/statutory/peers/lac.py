"""Run the other SSDA903 validator on a folder of CSV files, in its own environment: which rows does each rule flag?

``lac.py FOLDER AUTHORITY YEAR OUT`` runs the whole as its own command does, and with ``--report`` writes its list of
all that was found to OUT. With ``--each`` every rule is run alone on tables of its own, so that none sees what another
has changed in them, and OUT is written, (code, table, row) of every row flagged, rows counted from 0.
"""

from __future__ import annotations

import contextlib
import copy
import csv
import importlib
import io
import sys
from pathlib import Path

import pandas as pd


def main() -> None:
    folder, authority, year, out = Path(sys.argv[1]), *sys.argv[2:5]
    each = "--each" in sys.argv
    ruleset = f"lac{int(year) - 1}_{year[2:]}"
    registry = importlib.import_module(f"lac_validator.rules.{ruleset}").registry
    from lac_validator.datastore import create_datastore
    from lac_validator.ingress import read_from_text
    from lac_validator.lac_validator import LacValidator

    files = [
        {"name": path.name, "file_content": path.read_bytes(), "description": when}
        for place, when in ((folder, "This year"), (folder / "last_year", "Prev year"))
        for path in sorted(place.glob("*.csv")) + sorted(place.glob("*.xml"))
        if path.stem != "provider_info"
    ]
    metadata = {"collectionYear": year, "localAuthority": authority}
    if not each:
        with contextlib.redirect_stdout(io.StringIO()):
            found = LacValidator(metadata, files, registry)
        if "--report" in sys.argv:
            from lac_validator.lac_validator import create_issue_df
            from lac_validator.report import Report

            report = Report(found.ds_results, registry)
            create_issue_df(report.report, report.error_report).to_csv(out)
        return
    with Path(out).open("w", encoding="utf-8", newline="") as file:
        write = csv.writer(file, lineterminator="\n").writerow
        write(["code", "table", "row"])
        with contextlib.redirect_stdout(io.StringIO()):
            tables, said = read_from_text(files)
        providers = folder / "provider_info.csv"
        if providers.exists():
            info = pd.read_csv(providers, dtype=str)
            info["REG_END"] = pd.to_datetime(info["REG_END"], format="%d/%m/%Y")
            said["provider_info"] = info
        store = create_datastore(tables, {**metadata, **said})
        for code, rule in registry.items():
            try:
                flagged = rule.func(copy.deepcopy(store))
            except Exception as error:  # noqa: BLE001 - whatever stops a rule is told
                write([code, "raised", f"{type(error).__name__}: {str(error)[:100]}"])
                continue
            if not flagged:
                write([code, "skipped", ""])
            for table, rows in flagged.items():
                for row in sorted(set(rows)):
                    write([code, table, row])


if __name__ == "__main__":
    main()
