"""How the steps of a run compare with reading its files alone: ratios in one process, side by side.

Run with ``make steps``. Absolute seconds depend on the machine and its neighbours; the ratios travel.
``make steps STEPS="--figures --times 20 --rounds 1"`` measures the figures alone, of twenty times Kent.
"""

from __future__ import annotations

import argparse
import datetime as dt
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from dq.engine.check import Absent, check
from dq.engine.compile import dates_at
from dq.indicators.compute import tally_all
from dq.indicators.touched import touched
from dq.library.load import load_library
from dq.library.policy import Library
from dq.sample import write_sample
from dq.sources.load import load_folder
from dq.workspace import Workspace, open_workspace

PERIOD = dt.date(2016, 8, 31)
ROUNDS = 4
CARD = "kent-scs"
FOR_EVER = dt.date(1985, 1, 1)
"""Extracts that reach back as far as this leave no figure without one of its 24 month ends."""


def _seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _round(workspace: Workspace, folder: Path, *, figures_alone: bool) -> dict[str, float]:
    library = load_library()
    taken = {"read the files": _seconds(lambda: load_folder(workspace, folder, library.contracts, lambda _: None))}
    if not figures_alone:
        taken |= _rules(workspace, library)
    every = list(library.indicators.values())
    lines = {bound.id: bound for bound in map(library.measure, library.scorecards[CARD].lines)}
    for of, asked in (
        (f"the {len(lines)} figures of {CARD}", list(lines.values())),
        (f"{len(every)} indicators", every),
    ):
        for months, since in ((1, None), (24, FOR_EVER)):
            name = f"{of}, {months} month end{'s' if months > 1 else ''}, all scopes"
            taken[name] = _seconds(lambda a=asked, s=since: tally_all(workspace, library, a, PERIOD, s, lambda _: None))
    return taken


def _rules(workspace: Workspace, library: Library) -> dict[str, float]:
    rules, indicators = list(library.rules.values()), list(library.indicators.values())
    began = time.perf_counter()
    findings = check(workspace, library, rules, dates_at(PERIOD), Absent((), ()), lambda _: None)
    taken = {f"test {len(rules)} rules": time.perf_counter() - began}
    tallies = tally_all(workspace, library, indicators, PERIOD, None, lambda _: None)
    moved = _seconds(lambda: touched(workspace, library, indicators, {}, findings, tallies, PERIOD))
    return taken | {"ranges and effects": moved}


def main() -> None:
    """Print each step's median time as a ratio to reading the files."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--times", type=float, default=1, help="how many times Kent")
    asked.add_argument(
        "--rounds", type=int, default=ROUNDS, help="how often it is measured, after one round unmeasured"
    )
    asked.add_argument("--figures", action="store_true", help="leave out the rules, and the ranges that rest on them")
    options = asked.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        write_sample("kent-2016-08", Path(folder) / "extracts", scale=options.times, defects=0.02)
        rounds = []
        for _ in range(options.rounds + 1):
            with open_workspace() as workspace:
                rounds.append(_round(workspace, Path(folder) / "extracts", figures_alone=options.figures))
    base = "read the files"
    print(f"{'step':<60}{'ratio to reading: median':>26}{'lowest':>9}{'highest':>9}")
    for step in rounds[0]:
        ratios = sorted(taken[step] / taken[base] for taken in rounds[1:])
        print(f"{step:<60}{statistics.median(ratios):>26.2f}{ratios[0]:>9.2f}{ratios[-1]:>9.2f}")
    print(f"\n{base}: {statistics.median(taken[base] for taken in rounds[1:]):.2f} s here, now")


if __name__ == "__main__":
    main()
