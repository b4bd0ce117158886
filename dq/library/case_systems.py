"""Load what a case system calls things, ours or a project's own, and check a project's links into it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from string import Formatter

from dq.library.folders import policy_files
from dq.library.limits import line_of
from dq.library.yaml_file import as_model, read_yaml
from dq.model import CaseSystem, Contract
from dq.problems import Problem, ProblemsError, nearest, refuse

FOLDER = "data/systems"
PERSON = "person"
_OF_A_PERSON, _OF_A_RECORD = ("person_id",), ("record_key", "person_id")
# The host is written out: a record cannot choose where a link leads.
_ADDRESS = re.compile(r"https?://[A-Za-z0-9.:_\[\]-]+(/\S*|\?\S*)?")


def load_case_system(
    roots: Sequence[Path], wanted: str, contracts: Mapping[str, Contract], project_file: Path | None = None
) -> CaseSystem:
    """Return the case system ``wanted`` from the last of ``roots`` that has it. Raises ProblemsError."""
    files = {path.stem: path for _, path in policy_files(roots, FOLDER, "*.yaml")}
    if wanted not in files:
        line = line_of(project_file, "case_system")
        raise refuse(f"there is no case system '{wanted}'.", project_file, line, nearest(wanted, files))
    document = read_yaml(files[wanted])
    system = as_model(document, CaseSystem, id=wanted, path=files[wanted])
    problems = [
        Problem(f"there is no extract '{x}'.", document.path, document.line(("screens", x)), nearest(x, contracts))
        for x in system.screens
        if x not in contracts
    ]
    if problems:
        raise ProblemsError(problems)
    return system


def check_links(links: Mapping[str, str], contracts: Mapping[str, Contract], project_file: Path | None = None) -> None:
    """Raise ProblemsError for a link of nothing we know, that is no web address, or that asks for what we have not."""
    problems = [
        Problem(what, project_file, line_of(project_file, "links", name), instead)
        for name, template in links.items()
        for what, instead in _faults(name, template, contracts)
    ]
    if problems:
        raise ProblemsError(problems)


def _faults(name: str, template: str, contracts: Mapping[str, Contract]) -> Iterator[tuple[str, str | None]]:
    if name != PERSON and name not in contracts:
        yield f"links: there is no extract '{name}'.", nearest(name, [PERSON, *contracts])
    known = _OF_A_PERSON if name == PERSON else _OF_A_RECORD
    try:
        parts = [part for part in Formatter().parse(template) if part[1] is not None]
    except ValueError:
        yield f"links: the braces of '{name}' do not pair.", f"Write {{{known[0]}}}."
        return
    if not _ADDRESS.fullmatch(template):
        yield f"links: '{name}' is not an address of the web.", f"Write it as https://cases.example/{{{known[0]}}}."
    for _, field, form, conversion in parts:
        if field not in known or form or conversion:
            yield f"links: '{name}' asks for '{{{field}}}'.", nearest(str(field), known)
