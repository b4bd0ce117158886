"""What last month's run left behind: its outputs lie in a folder named after their month, beside this month's."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dq.outputs import RECORD
from dq.periods import months_before
from dq.problems import refuse
from dq.workspace import Workspace

SEEN_BEFORE = "seen_before"
"""The table of last month's exceptions: exception_id, and the day of first_seen."""


@dataclass(frozen=True)
class Earlier:
    """Last month's outputs: what run.json says, and the folder."""

    folder: Path
    facts: Mapping[str, Any]

    def rows(self) -> dict[str, int]:
        """Return how many records each extract had."""
        try:
            return {str(item["extract"]): int(item["rows"]) for item in self.facts["inputs"] if item["file"]}
        except (ValueError, KeyError, TypeError):
            raise _strange(self.folder / RECORD) from None

    def filled(self) -> dict[str, dict[str, int]]:
        """Return how many records had a value in each column that the gate looked at, by extract."""
        try:
            return {str(item["extract"]): dict(item.get("filled", {})) for item in self.facts["inputs"]}
        except (ValueError, KeyError, TypeError):
            raise _strange(self.folder / RECORD) from None

    def published(self) -> dict[tuple[str, str], float]:
        """Return the authority's figures by indicator and split; none where they were not to be published."""
        path, gate = self.folder / "scorecard.json", self.facts.get("gate")
        if not path.is_file() or not gate or (gate["decision"] == "stop" and not gate.get("overridden")):
            return {}
        try:
            rows = json.loads(path.read_text(encoding="utf-8"))
            whole = [row for row in rows if row["scope_type"] == "authority" and row["value"] is not None]
            return {(row["indicator_id"], row["split"]): float(row["value"]) for row in whole}
        except (ValueError, KeyError, TypeError):
            raise _strange(path) from None

    def read_exceptions(self, workspace: Workspace) -> bool:
        """Make the table ``seen_before``, and return whether there is anything to compare with.

        A run of keys alone holds no exceptions.
        """
        import pyarrow as pa
        import pyarrow.parquet as pq

        path = self.folder / "exceptions.parquet"
        if not path.is_file():
            return False
        try:
            held = pq.read_table(path, columns=["exception_id", "first_seen"])
        except (OSError, pa.ArrowException):
            raise _strange(path) from None
        workspace.connection.register("last_month", held)
        workspace.execute(f"CREATE OR REPLACE TABLE {SEEN_BEFORE} AS SELECT * FROM last_month")
        workspace.connection.unregister("last_month")
        return True


def last_months(beside: Path, period: dt.date, authority: str, dataset: str) -> Earlier | None:
    """Return the outputs of the month before ``period`` in the folder ``beside``, if the same authority's lie there.

    Raises ProblemsError for a run.json that no run wrote.
    """
    folder = beside / f"{months_before(period, 1):%Y-%m}"
    path = folder / RECORD
    if not path.is_file():
        return None
    try:
        facts = json.loads(path.read_text(encoding="utf-8"))
        same = (facts["authority"], facts["dataset"]) == (authority, dataset)
    except (ValueError, KeyError, TypeError):
        raise _strange(path) from None
    return Earlier(folder, facts) if same else None


def _strange(path: Path) -> Exception:
    return refuse("this is not of a run.", path, instead="Remove it, or run that month again.")
