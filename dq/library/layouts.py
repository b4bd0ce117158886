"""The layouts that finished papers come in."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from dq.library.declared import declared, stop
from dq.model import PaperLayout
from dq.problems import Problem


def load_layouts(dataset: str, roots: Sequence[Path]) -> dict[str, PaperLayout]:
    """Return the layouts by name. Raises ProblemsError with all problems found."""
    problems: list[Problem] = []
    found = declared(roots, f"data/{dataset}/layouts", PaperLayout, problems, lambda path: {"id": path.stem})
    layouts = {layout.id: layout for layout in found}
    stop(problems)
    return layouts
