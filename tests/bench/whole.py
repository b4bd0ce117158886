"""Whole authorities of several sizes: is what was put in found, and nothing else; and what does it cost to look.

Run with ``make whole``. For each size and seed a sample with faults is checked and its exceptions are compared with
the list of what was put in, rule by rule; a sound sample of the same size must have none. Of the largest a check is
timed against reading the same files alone, as whole processes, side by side.
"""

from __future__ import annotations

import argparse
import csv
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import duckdb

from tests.bench.measure import Limits, Measured, measure

DQ = [sys.executable, "-m", "dq"]
SETTINGS = "authority: Kent\nscorecard: kent-scs\nperiod: 2016-08\nextracts: extracts\n"
NO_LIMITS = Limits(seconds=7200, memory=20 << 30)
Flagged = Counter[tuple[str, str]]


def main() -> None:
    """Print a line for every sample, and a table of what the check of the largest costs."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--children", type=int, nargs="*", default=[200, 10_000, 200_000])
    asked.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
    asked.add_argument("--defects", type=float, default=0.02)
    asked.add_argument("--timed", type=int, nargs="*", default=[200_000], help="sizes to time, besides")
    asked.add_argument("--in", dest="place", type=Path, help="where to put samples; gigabytes for the largest")
    said = asked.parse_args()
    with tempfile.TemporaryDirectory(dir=said.place) as scratch:
        for children in said.children:
            for seed in said.seeds:
                print(_compared(Path(scratch), children, seed, said.defects), flush=True)
            print(_sound(Path(scratch), children, said.seeds[0]), flush=True)
        for children in said.timed:
            print(_timed(Path(scratch), children, said.defects), flush=True)


def _compared(scratch: Path, children: int, seed: int, defects: float) -> str:
    project = _sample(scratch, children, seed, defects)
    took = _run([*DQ, "check", str(project), "--out", str(project / "out"), "-q"], scratch)
    put_in = _flagged(project / "extracts" / "truth.csv")
    found = _flagged(project / "out" / "exceptions.csv")
    missed, extra = put_in - found, found - put_in
    differ = sorted({rule for rule, _ in [*missed, *extra]})
    rules = {rule for rule, _ in put_in}
    shutil.rmtree(project)
    return (
        f"{children:>9,} children, seed {seed}: {put_in.total():,} put in by {len(rules)} rules, {found.total():,} "
        f"found, {missed.total():,} missed, {extra.total():,} others; checked in {took.seconds:.0f} s, "
        f"{took.peak / 2**30:.1f} GiB" + "".join(f"\n    differs: {rule}" for rule in differ)
    )


def _sound(scratch: Path, children: int, seed: int) -> str:
    project = _sample(scratch, children, seed, 0.0)
    _run([*DQ, "check", str(project), "--out", str(project / "out"), "-q"], scratch)
    found = _flagged(project / "out" / "exceptions.csv")
    ended = Counter(row["status"] for row in _rows(project / "out" / "rules.csv") if row["rule_status"] == "active")
    shutil.rmtree(project)
    differ = "".join(f"\n    flagged: {rule} {count}" for rule, count in Counter(r for r, _ in found).most_common(20))
    ends = ", ".join(f"{count} {status}" for status, count in sorted(ended.items()))
    return f"{children:>9,} children, sound: {found.total():,} exceptions; rules {ends}{differ}"


def _timed(scratch: Path, children: int, defects: float) -> str:
    project = _sample(scratch, children, 1, defects)
    extracts = project / "extracts"
    commands = {
        "read alone": [sys.executable, "-m", "tests.bench.whole_read", str(extracts)],
        "dq check": [*DQ, "check", str(project), "--out", str(project / "out"), "-q"],
    }
    rounds = 3 if children <= 200_000 else 1
    taken = {name: [_run(command, scratch) for _ in range(rounds)] for name, command in commands.items()}
    best = {name: min(runs, key=lambda run: run.seconds) for name, runs in taken.items()}
    rows, size = _size(extracts)
    shutil.rmtree(project)
    lines = [f"{children:>9,} children: {rows:,} records, {size / 2**30:.2f} GiB of CSV"]
    for name, run in best.items():
        ratio = run.seconds / best["read alone"].seconds
        lines.append(f"    {name:<12} {run.seconds:8.1f} s   {ratio:5.2f} × reading   {run.peak / 2**30:5.2f} GiB")
    return "\n".join(lines)


def _sample(scratch: Path, children: int, seed: int, defects: float) -> Path:
    project = scratch / f"{children}-{seed}-{defects:g}"
    asked = ["sample", "kent-2016-08", "--out", str(project / "extracts"), "--seed", str(seed), "-q"]
    asked += ["--children", str(children), *(["--defects", str(defects)] if defects else ["--clean"])]
    _run([*DQ, *asked], scratch)
    (project / "dq.yaml").write_text(SETTINGS, encoding="utf-8")
    return project


def _run(command: list[str], scratch: Path) -> Measured:
    log = scratch / "log"
    done = measure(command, NO_LIMITS, log, Path.cwd())
    if done.code not in (0, 1) or done.stopped:
        sys.exit(f"{' '.join(command)}: {done.stopped or done.code}\n{log.read_text(encoding='utf-8')}")
    return done


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        yield from csv.DictReader(file)


def _flagged(path: Path) -> Flagged:
    return Counter((row["rule_id"], row["record_key"]) for row in _rows(path))


def _size(extracts: Path) -> tuple[int, int]:
    """Return how many records the files hold, and bytes."""
    files = [path for path in extracts.glob("*.csv") if path.stem != "truth"]
    counted = [duckdb.sql(f"SELECT count(*) FROM read_csv('{path}', all_varchar = true)").fetchall() for path in files]
    return sum(rows for ((rows,),) in counted), sum(path.stat().st_size for path in files)


if __name__ == "__main__":
    main()
