"""The demonstration: a project with a sample authority's extracts, defects and all."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from dq.library.load import load_library
from dq.problems import refuse
from dq.project import FILE, make_project
from dq.sample import write_sample
from dq.sample.recipe import load_recipe
from dq.sample.write import TRUTH

RECIPE = "kent-2016-08"
DEFECTS = 0.02
"""One record in fifty: about what a careful authority's month looks like."""


def make_demo(out: Path, seed: int, children: int, progress: Callable[[str], None]) -> None:
    """Make the demonstration project in ``out``, or its extracts anew where it stands. Raises ProblemsError."""
    made_before = (out / "extracts" / TRUTH).exists()
    if out.is_file() or (out.is_dir() and any(out.iterdir()) and not made_before):
        raise refuse(f"{out} holds something of yours.", instead="Name another folder with --out.")
    if not (out / FILE).exists():
        size = children / load_recipe(RECIPE).children
        make_project(out, "kent", list(load_library().contracts), size)
    progress("making a sample authority")
    extracts = out / "extracts"
    shutil.rmtree(extracts, ignore_errors=True)
    write_sample(RECIPE, extracts, seed=seed, children=children, defects=DEFECTS)
