"""``dq proof``: the files of a finished paper in, what is doubtful in it out."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

from dq.library import policy_root
from dq.library.layouts import load_layouts
from dq.library.load import load_library
from dq.model import Proof
from dq.outputs import PROOF_MARK, whole_folder
from dq.proof import DATASET
from dq.proof.check import prove
from dq.reports.proof_files import write_proof
from dq.reports.words import plural
from dq.sources.intake import Intake
from dq.sources.paper_file import read_pages
from dq.sources.reference import add_calendar
from dq.workspace import open_workspace


def proofread(
    papers: Sequence[Path], out: Path, project: Path | None = None, progress: Callable[[str], None] = lambda _: None
) -> Proof:
    """Check the files of finished papers together and write ``proof.csv`` and ``proof.html`` to ``out``.

    ``project`` is a folder whose rules and layouts stand over ours. Raises ProblemsError for a file in no known layout.
    """
    library = load_library(DATASET, project)
    layouts = load_layouts(DATASET, [policy_root(), *([project] if project else [])])
    with open_workspace() as workspace, tempfile.TemporaryDirectory(prefix="plumbline-") as folder:
        progress("reading")
        intake = Intake(workspace, Path(folder))
        pages = read_pages(papers, layouts, intake)
        add_calendar(workspace)
        intake.clear()
        workspace.seal()
        proof = prove(workspace, library, pages, progress)
    library.texts.keep()
    progress("writing")
    with whole_folder(out, PROOF_MARK) as made:
        write_proof(proof, made)
    return proof


def told(proof: Proof, out: Path) -> str:
    """Return in words what a proof found, and where it is."""
    counted = Counter(doubt.rule.id for doubt in proof.doubts)
    severities = {doubt.rule.id: doubt.rule.severity.value for doubt in proof.doubts}
    errors = sum(doubt.is_error for doubt in proof.doubts)
    lines = [
        f"Read    {plural(proof.figures, 'figure')} and {plural(proof.claims, 'claim')} in "
        f"{plural(len(proof.tables), 'table')}",
        f"Tested  {plural(len(proof.results) - len(proof.not_run), 'rule')}",
        *(f"        {result.status.value}: {result.rule.id}, {result.reason}" for result in proof.not_run),
        f"Found   {plural(errors, 'error')} and {plural(len(proof.doubts) - errors, 'query', 'queries')}",
        "",
        *(f"{counted[rule]:>6}  {severities[rule]:<6}{rule}" for rule in counted),
        "",
        f"Begin here  {out / 'proof.html'}",
    ]
    return "\n".join(lines)
