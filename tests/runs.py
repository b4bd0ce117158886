"""Projects made from samples, and runs of them, as a test reads them back."""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from command_line import Ended, dq_here

Records = list[dict[str, str]]
Key = tuple[str, str, str]
"""(scope type, scope id, indicator id)."""


def records(path: Path) -> Records:
    """Return the rows of a CSV file as heading → cell."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@dataclass(frozen=True)
class Ran:
    """A run that has ended: its project, how it ended, and readers of what it wrote."""

    project: Path
    out: Path
    ended: Ended

    @property
    def facts(self) -> dict[str, Any]:
        return dict(json.loads((self.out / "run.json").read_text(encoding="utf-8")))

    @property
    def rules(self) -> dict[str, dict[str, str]]:
        """The rules that count: those in shadow stand in the same file."""
        rows = records(self.out / "rules.csv")
        return {row["rule_id"]: row for row in rows if row["rule_status"] == "active"}

    @property
    def exceptions(self) -> Records:
        return records(self.out / "exceptions.csv")

    @property
    def figures(self) -> dict[Key, dict[str, str]]:
        """The figures of the whole: those of a part of it (``split``) stand in the same file."""
        rows = records(self.out / "scorecard.csv")
        return {(row["scope_type"], row["scope_id"], row["indicator_id"]): row for row in rows if row["split"] == "all"}

    @property
    def truth(self) -> Records:
        return records(self.project / "extracts" / "truth.csv")

    def whole(self, indicator: str) -> dict[str, str]:
        """Return the figure of the authority as a whole."""
        (found,) = [row for key, row in self.figures.items() if (key[0], key[2]) == ("authority", indicator)]
        return found


def make_project(folder: Path, *sample: str) -> Path:
    """Make a project of a sample authority for August 2016, and return its folder."""
    made = dq_here("sample", "kent-2016-08", "--out", folder / "extracts", "-q", *sample)
    assert (made.code, made.said) == (0, "")
    settings = "authority: Kent\nscorecard: kent-scs\nperiod: 2016-08\nextracts: extracts\n"
    (folder / "dq.yaml").write_text(settings, encoding="utf-8")
    return folder


def run(project: Path, command: str = "run", out: str = "out", *options: str) -> Ran:
    """Run or check a project into a folder of its own."""
    return Ran(project, project / out, dq_here(command, project, "--out", project / out, *options))


def changed(
    small: Path, folder: Path, without: str = "", rewritten: Mapping[str, Sequence[Sequence[str]]] | None = None
) -> Path:
    """Copy a project without one of its extracts, or with an extract written anew, and return its folder."""
    shutil.copytree(small, folder, ignore=shutil.ignore_patterns("out*", "ended.json", *([without] if without else [])))
    for name, rows in (rewritten or {}).items():
        with (folder / "extracts" / name).open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(rows)
    return folder
