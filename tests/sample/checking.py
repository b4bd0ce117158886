"""Run the product's own check over a sample, as an analyst would, and return what it flags."""

from __future__ import annotations

import csv
import subprocess
import sys
from pathlib import Path


def exceptions(extracts: Path) -> list[tuple[str, str]]:
    """Return (rule id, record key) of every exception."""
    project = extracts.parent
    (project / "dq.yaml").write_text(
        f"authority: Kent\nscorecard: kent-scs\nextracts: {extracts.name}\n", encoding="utf-8"
    )
    arguments = ["check", str(project), "--period", "2016-08", "--out", str(project / "out")]
    subprocess.run([sys.executable, "-m", "dq", *arguments], check=True, capture_output=True)
    return listed(project / "out" / "exceptions.csv")


def listed(file: Path) -> list[tuple[str, str]]:
    """Return (rule id, record key) of every row of a file that has those columns."""
    with file.open(encoding="utf-8", newline="") as opened:
        return [(row["rule_id"], row["record_key"]) for row in csv.DictReader(opened)]
