"""The limits that rules, views and indicators name as ``:parameters``: those that ship, and an authority's own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from dq.library.folders import policy_files
from dq.library.yaml_file import Document, as_model, read_yaml
from dq.model import Threshold
from dq.problems import Problem, ProblemsError, nearest


def read_limits(
    roots: Sequence[Path],
    dataset: str,
    own: Mapping[str, float],
    project_file: Path | None,
    problems: list[Problem],
) -> dict[str, Threshold]:
    """Return the limits of a dataset by name, with an authority's own values (``own``) in the place of ours.

    What is wrong is added to ``problems``; ``project_file`` is where the authority's own were written.
    """
    limits: dict[str, Threshold] = {}
    for _, path in policy_files(roots, f"data/{dataset}", "thresholds.yaml"):
        try:
            limits |= _in_file(read_yaml(path), problems)
        except ProblemsError as error:
            problems.extend(error.problems)
    for name, value in own.items():
        if name in limits:
            limits[name] = limits[name].model_copy(update={"value": value})
            continue
        line = line_of(project_file, "thresholds", name)
        problems.append(Problem(f"there is no threshold '{name}'.", project_file, line, nearest(name, limits)))
    return limits


def _in_file(document: Document, problems: list[Problem]) -> dict[str, Threshold]:
    limits: dict[str, Threshold] = {}
    if document.value is not None and not isinstance(document.value, dict):
        problems.append(Problem("this file is not a list of 'name: {value: …}' lines.", document.path, 1))
        return limits
    for name, value in (document.value or {}).items():
        lines = {place[1:]: line for place, line in document.lines.items() if place[:1] == (name,)}
        if not isinstance(value, dict):
            hint = "Say {value: …, unit: …, title: …, source: …}."
            problems.append(Problem(f"'{name}' is not a limit.", document.path, document.line((name,)), hint))
            continue
        try:
            limits[name] = as_model(Document(document.path, value, lines), Threshold)
        except ProblemsError as error:
            problems.extend(error.problems)
    return limits


def line_of(project_file: Path | None, *place: str) -> int | None:
    """Return the line of a place in a project's file, or of the deepest part of it there is; None without a file."""
    if project_file is None or not project_file.is_file():
        return None
    return read_yaml(project_file).line(place)
