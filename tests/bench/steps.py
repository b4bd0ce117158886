"""How the steps of a run compare with reading its files alone: ratios in one process, side by side.

Run with ``make steps``. Absolute seconds depend on the machine and its neighbours; the ratios travel.
"""

from __future__ import annotations

import datetime as dt
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from dq.engine.check import Absent, check
from dq.engine.compile import dates_at
from dq.indicators.compute import tally_all
from dq.indicators.ranges import ranges
from dq.library.load import load_library
from dq.sample import write_sample
from dq.sources.load import load_folder
from dq.workspace import Workspace, open_workspace

PERIOD = dt.date(2016, 8, 31)
ROUNDS = 5


def _seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _round(workspace: Workspace, folder: Path) -> dict[str, float]:
    library = load_library()
    rules, indicators = list(library.rules.values()), list(library.indicators.values())
    everything = Absent((), ())
    taken = {"read the files": _seconds(lambda: load_folder(workspace, folder, library.contracts, lambda _: None))}
    began = time.perf_counter()
    findings = check(workspace, library, rules, dates_at(PERIOD), everything, lambda _: None)
    taken[f"test {len(rules)} rules"] = time.perf_counter() - began
    for months, since in ((1, None), (24, dt.date(2014, 9, 1))):
        name = f"{len(indicators)} indicators, {months} month end{'s' if months > 1 else ''}, all scopes"
        taken[name] = _seconds(lambda s=since: tally_all(workspace, library, indicators, PERIOD, s, lambda _: None))
    taken["ranges"] = _seconds(lambda: ranges(workspace, library, indicators, findings, PERIOD))
    return taken


def main() -> None:
    """Print each step's median time as a ratio to reading the files."""
    with tempfile.TemporaryDirectory() as folder:
        write_sample("kent-2016-08", Path(folder) / "extracts", defects=0.02)
        rounds = []
        for _ in range(ROUNDS):
            with open_workspace() as workspace:
                rounds.append(_round(workspace, Path(folder) / "extracts"))
    base = "read the files"
    print(f"{'step':<50}{'ratio to reading: median':>26}{'lowest':>9}{'highest':>9}")
    for step in rounds[0]:
        ratios = sorted(taken[step] / taken[base] for taken in rounds[1:])
        print(f"{step:<50}{statistics.median(ratios):>26.2f}{ratios[0]:>9.2f}{ratios[-1]:>9.2f}")
    print(f"\n{base}: {statistics.median(taken[base] for taken in rounds[1:]):.2f} s here, now")


if __name__ == "__main__":
    main()
