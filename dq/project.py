"""An authority's project: a folder with ``dq.yaml``, its extracts, and any policy of its own."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from dq.library.yaml_file import as_model, read_yaml
from dq.model import Override, Project
from dq.periods import month_named
from dq.problems import nearest, refuse

FILE = "dq.yaml"
TEMPLATES = ("kent", "blank")
NO_SCORECARD = "none"
"""For the scorecard of a project whose records are checked, and not counted: of a national return."""

_KENT = """\
# The settings of this project. Every key is described in docs/project-file.md.
authority: Kent
scorecard: kent-scs          # reports/scorecards/kent-scs.yaml
period: 2016-08              # the month the figures are for; --period overrides it
extracts: extracts           # the folder of this month's extracts: CSV, XLSX or Parquet; or a database
history_from: 2013-09-01     # the first day the extracts' events cover: no trend reaches back beyond it
# history: {{file: published.csv, stands: records}}    # figures published before, where the extracts do not reach

# How many records each extract should hold. A file outside its bounds stops publication.
expected_rows:
  teams: [20, 150]
{expected_rows}

# Limits of your own; `dq rules list --thresholds` shows them all.
# thresholds:
#   cp_visit_working_days: 15

# The lists for teams speak the words of your case system, and lead to a child or a record in it.
# case_system: liquidlogic    # or mosaic, eclipse; or a file of your own, data/systems/<name>.yaml beside this one
# links:
#   person: "https://cases.example/person/{{person_id}}"
"""
_KENT_ROWS = {
    "persons": (19_000, 31_000),
    "addresses": (19_000, 35_000),
    "workers": (400, 1_000),
    "involvements": (27_000, 50_000),
    "cin_visits": (45_000, 85_000),
    "cp_plans": (3_500, 8_000),
    "cp_visits": (70_000, 130_000),
    "cla_episodes": (7_500, 15_000),
    "cla_placements": (7_500, 15_000),
    "cla_visits": (50_000, 100_000),
    "missing_episodes": (3_800, 7_500),
}
"""How many records the extracts of an authority of Kent's size hold. Its teams are as many whatever its size."""
_BLANK = """\
# The settings of this project. Every key is described in docs/project-file.md.
authority: Your authority
scorecard: plain             # a file of reports/scorecards/, ours or your own beside this file
extracts: extracts           # the folder of this month's extracts: CSV, XLSX or Parquet; or a database
# period: 2026-10            # the month the figures are for; --period overrides it
# history_from: 2024-11-01   # the first day the extracts' events cover: without it there are no trends
# history: {file: published.csv, stands: records}    # figures published before, where the extracts do not reach

# The lists for teams speak the words of your case system, and lead to a child or a record in it.
# case_system: liquidlogic    # or mosaic, eclipse; or a file of your own, data/systems/<name>.yaml beside this one
# links:
#   person: "https://cases.example/person/{person_id}"
"""
_README = """\
Put this month's extracts here, each in a CSV, XLSX or Parquet file named for what it holds, or all in the sheets
of one workbook: {names}.

`dq rules list` says what is checked. Headings may be in any case, with spaces or underscores; dates may be
31/08/2016 or 2016-08-31. Columns that are missing or not known are named when a run begins.
"""


def open_project(place: Path) -> Project:
    """Return the project in a folder (or of a ``dq.yaml``). Raises ProblemsError.

    A folder of extracts without a ``dq.yaml`` is a project too, with a plain scorecard and no trends.
    """
    path = place / FILE if place.is_dir() else place
    if not place.exists():
        near = nearest(place.name, [p.name for p in place.parent.iterdir()]) if place.parent.is_dir() else None
        raise refuse(f"there is no folder {place}.", instead=near if near and near.startswith("Did") else None)
    if not path.exists():
        return Project(authority=place.resolve().name, scorecard="plain", extracts=".", folder=place)
    project = as_model(read_yaml(path), Project, path=path, folder=path.parent)
    if isinstance(project.source, Path) and not project.source.exists():
        raise refuse(f"there is no folder {project.source}.", path, instead="Make it, or correct 'extracts'.")
    return project


def period_of(project: Project, option: str | None) -> dt.date:
    """Return the month end a run is for: from the command, else the project. Raises ProblemsError."""
    text = option or project.period
    if text is None:
        raise refuse("no period is given.", project.path, instead="Say --period YYYY-MM, or 'period:' in dq.yaml.")
    period = month_named(text)
    if period is None:
        raise refuse(f"'{text}' is not a month.", instead="Write it as YYYY-MM, such as 2016-08.")
    return period


def override_of(option: str | None) -> Override | None:
    """Return whose word figures are published on, and why, from ``NAME: REASON``. Raises ProblemsError without both."""
    if option is None:
        return None
    by, _, because = (part.strip() for part in option.partition(":"))
    if not by or not because:
        missing = "no name" if not by else "no reason"
        raise refuse(f"--override gives {missing}.", instead='Write --override "NAME: REASON", as in "Ann Lee: …".')
    return Override(by, because)


def make_project(folder: Path, template: str, extracts: list[str], size: float = 1.0) -> None:
    """Make a project folder from a template; ``size`` is the authority's against the template's own.

    Raises ProblemsError where there is one already.
    """
    if template not in TEMPLATES:
        raise refuse(f"there is no template '{template}'.", instead=nearest(template, TEMPLATES))
    if (folder / FILE).exists():
        raise refuse("there is a project here already.", folder / FILE, instead="Choose another folder.")
    rows = "\n".join(f"  {name}: [{low * size:.0f}, {high * size:.0f}]" for name, (low, high) in _KENT_ROWS.items())
    (folder / "extracts").mkdir(parents=True, exist_ok=True)
    (folder / "extracts" / "README.txt").write_text(_README.format(names=", ".join(extracts)), encoding="utf-8")
    text = _KENT.format(expected_rows=rows) if template == "kent" else _BLANK
    (folder / FILE).write_text(text, encoding="utf-8")
