"""How the steps of a run compare with reading its files alone: ratios in one process, side by side.

Run with ``make steps``. Absolute seconds depend on the machine and its neighbours; the ratios travel.
``make steps STEPS="--figures --times 20 --rounds 1"`` measures the figures alone, of twenty times Kent, with what open
errors do to them.
"""

from __future__ import annotations

import argparse
import datetime as dt
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from dq.engine.check import Absent, check
from dq.engine.compile import dates_at
from dq.indicators.compute import tally_all
from dq.indicators.figures import bands_of
from dq.indicators.touched import touched
from dq.library.load import load_library
from dq.library.policy import BoundIndicator, Library, is_counted
from dq.model import Severity
from dq.sample import write_sample
from dq.sources.load import load_folder
from dq.workspace import Workspace, open_workspace

PERIOD = dt.date(2016, 8, 31)
ROUNDS = 4
CARD = "kent-scs"
MOVED = "ranges and effects"
FOR_EVER = dt.date(1985, 1, 1)
"""Extracts that reach back as far as this leave no figure without one of its 24 month ends."""


def _seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _round(workspace: Workspace, folder: Path, *, figures_alone: bool) -> dict[str, float]:
    library = load_library()
    taken = {"read the files": _seconds(lambda: load_folder(workspace, folder, library.contracts, lambda _: None))}
    every = list(library.indicators.values())
    lines = {bound.id: bound for bound in map(library.measure, library.scorecards[CARD].lines)}
    taken |= _touched(workspace, library, list(lines.values()), of_errors_alone=figures_alone)
    for of, asked in (
        (f"the {len(lines)} figures of {CARD}", list(lines.values())),
        (f"{len(every)} indicators", every),
    ):
        for months, since in ((1, None), (24, FOR_EVER)):
            name = f"{of}, {months} month end{'s' if months > 1 else ''}, all scopes"
            taken[name] = _seconds(lambda a=asked, s=since: tally_all(workspace, library, a, PERIOD, s, lambda _: None))
    return taken


def _touched(
    workspace: Workspace, library: Library, lines: Sequence[BoundIndicator], *, of_errors_alone: bool
) -> dict[str, float]:
    """Return how long rules take, and what their errors do to the figures: ranges, effects, what settles a colour."""
    rules = [
        rule
        for rule in library.rules.values()
        if not of_errors_alone or (is_counted(rule.rule, PERIOD) and rule.rule.severity is Severity.ERROR)
    ]
    began = time.perf_counter()
    findings = check(workspace, library, rules, dates_at(PERIOD), Absent((), ()), lambda _: None)
    tested = time.perf_counter() - began
    tallies = tally_all(workspace, library, lines, PERIOD, None, lambda _: None)
    bands = bands_of(library.scorecards[CARD])
    moved = _seconds(lambda: touched(workspace, library, lines, bands, findings, tallies, PERIOD))
    return {f"test {len(rules)} rules": tested, f"{MOVED} of the figures of {CARD}": moved}


def main() -> None:
    """Print each step's median time as a ratio to reading the files."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--times", type=float, default=1, help="how many times Kent")
    asked.add_argument(
        "--rounds", type=int, default=ROUNDS, help="how often it is measured, after one round unmeasured"
    )
    asked.add_argument("--defects", type=float, default=0.03, help="the share of records that are in error")
    asked.add_argument("--figures", action="store_true", help="of the rules, only those that find errors")
    options = asked.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        write_sample("kent-2016-08", Path(folder) / "extracts", scale=options.times, defects=options.defects)
        rounds = []
        for _ in range(options.rounds + 1):
            with open_workspace() as workspace:
                rounds.append(_round(workspace, Path(folder) / "extracts", figures_alone=options.figures))
    base = "read the files"
    print(f"{'step':<60}{'ratio to reading: median':>26}{'lowest':>9}{'highest':>9}")
    for step in rounds[0]:
        ratios = sorted(taken[step] / taken[base] for taken in rounds[1:])
        print(f"{step:<60}{statistics.median(ratios):>26.2f}{ratios[0]:>9.2f}{ratios[-1]:>9.2f}")
    figures, moved = (next(step for step in rounds[0] if step.startswith(begin)) for begin in ("the ", MOVED))
    whole = figures.replace("1 month end", "24 month ends")
    for against in (whole, figures):
        print(f"{moved} ÷ {against}: {statistics.median(taken[moved] / taken[against] for taken in rounds[1:]):.2f}")
    print(f"\n{base}: {statistics.median(taken[base] for taken in rounds[1:]):.2f} s here, now")


if __name__ == "__main__":
    main()
