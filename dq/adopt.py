"""Make a project for files as they are: propose which is which extract, and write down what is certain."""

from __future__ import annotations

import datetime as dt
import json
import os
from dataclasses import dataclass
from pathlib import Path

from dq.library.folders import policy_root
from dq.library.load import load_library
from dq.library.mappings import FOLDER, load_heading_words
from dq.problems import refuse
from dq.project import FILE
from dq.sources.heading_words import Vocabulary
from dq.sources.look import latest_month, look
from dq.sources.propose import Proposer
from dq.sources.proposed_mapping import counts_line, mapping_text, proposal_lines, unsure
from dq.workspace import open_workspace

_SETTINGS = """\
# The settings of this project. Every key is described in docs/project-file.md.
authority: {authority}
scorecard: plain             # a file of reports/scorecards/, ours or your own beside this file
extracts: {extracts}
mapping: own                 # data/mappings/own.yaml, beside this file
{period}
# history_from: 2024-11-01   # the first day the extracts' events cover: without it there are no trends
"""


@dataclass(frozen=True)
class Adopted:
    """A project made for files as they are: what was proposed, line by line, and what is not certain, in words."""

    lines: tuple[str, ...]
    mapping: Path
    unsure: tuple[str, ...]
    period: str | None


def adopt(folder: Path, source: Path) -> Adopted:
    """Make a project in ``folder`` for the files of ``source``, which stay where they are.

    Raises ProblemsError where there is a project already, and for files that cannot be read.
    """
    if (folder / FILE).exists():
        raise refuse("there is a project here already.", folder / FILE, instead="Choose another folder.")
    if str(source).startswith(("postgresql:", "postgres:")):  # it may hold a password, so it is not said
        what = "a database on a server cannot be looked at here."
        raise refuse(
            what, instead="Give its address as 'extracts' in dq.yaml, and what its tables are called in a mapping."
        )
    with open_workspace() as workspace:
        tables = look(workspace, source)
        library = load_library()
        contracts = library.contracts
        names = [name for contract in contracts.values() for name in (contract.name, contract.title, *contract.columns)]
        vocabulary = Vocabulary(load_heading_words([policy_root()]), names)
        proposals = Proposer(contracts, library.code_lists, vocabulary).propose(tables)
        entered = {contract.entered for contract in contracts.values() if contract.entered is not None}
        period = latest_month(proposals, entered, dt.datetime.now(dt.UTC).date())
    authority = folder.resolve().name
    mapping = folder / FOLDER / "own.yaml"
    mapping.parent.mkdir(parents=True, exist_ok=True)
    mapping.write_text(mapping_text(proposals, contracts, authority, source.resolve().name), encoding="utf-8")
    (folder / FILE).write_text(_settings(folder, source, authority, period), encoding="utf-8")
    lines = (*proposal_lines(proposals, contracts), "", counts_line(proposals))
    return Adopted(lines, mapping, tuple(unsure(proposals, contracts)), period)


def _settings(folder: Path, source: Path, authority: str, period: str | None) -> str:
    said = f"period: {period}" if period else "# period: 2026-10"
    return _SETTINGS.format(
        authority=json.dumps(authority, ensure_ascii=False),
        extracts=json.dumps(_path_between(folder, source), ensure_ascii=False),
        period=f"{said:<28} # the month the figures are for; --period overrides it",
    )


def _path_between(folder: Path, source: Path) -> str:
    try:
        return Path(os.path.relpath(source.resolve(), folder.resolve())).as_posix()
    except ValueError:  # on another drive
        return source.resolve().as_posix()
