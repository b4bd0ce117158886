"""What it costs to proof a paper of a hundred thousand figures, beside working its ratios out again in plain pandas.

Run as ``python -m tests.bench.proof``. The paper is one, of many boroughs, in long form with its relations; it hangs
together but for a share of its figures, in which two digits are swapped. Both are timed as whole processes, side by
side, and the best of the rounds is told.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
from pathlib import Path

from tests.bench.measure import Limits, Measured, measure
from tests.proof.generated import Scorecard, scorecard, write
from tests.proof.slips import swap_digits

NO_LIMITS = Limits(seconds=3600, memory=20 << 30)


def main() -> None:
    """Print what each costs, and the one over the other."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--figures", type=int, default=100_000)
    asked.add_argument("--slips", type=float, default=0.001, help="share of figures with a slip")
    asked.add_argument("--rounds", type=int, default=3)
    said = asked.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        card = _paper(said.figures, said.slips)
        files, _ = write([card], folder)
        commands = {
            "pandas, ratios": [sys.executable, "-m", "tests.bench.proof_pandas", str(files[0])],
            "dq proof": [sys.executable, "-m", "dq", "proof", *map(str, files), "--out", str(folder / "out")],
        }
        taken = {name: [_run(command, folder / name) for _ in range(said.rounds)] for name, command in commands.items()}
        print(f"{len(card.rows):,} figures, {files[0].stat().st_size / 2**20:.1f} MiB of CSV")
        best = {name: min(runs, key=lambda run: run.seconds) for name, runs in taken.items()}
        for name, run in best.items():
            ratio = run.seconds / best["pandas, ratios"].seconds
            print(f"    {name:<16}{run.seconds:7.2f} s   {ratio:5.2f} × pandas   {run.peak / 2**30:5.2f} GiB")
        for name in commands:
            print(f"\n{name}:\n{(folder / name).read_text(encoding='utf-8').strip()}")


def _paper(figures: int, share: float) -> Scorecard:
    """Return one paper of as many boroughs as make up so many figures, with slips in a share of them."""
    whole, seed, rng = Scorecard("P"), 0, random.Random(1)
    while len(whole.rows) < figures:
        card, seed = scorecard(seed, f"S{seed}"), seed + 1
        links = ("ref", "compared_with", "of_figure", "less_figure")
        for row in card.rows:
            if row["paper"] != card.paper:
                continue  # an earlier edition is another paper
            own = {name: f"{card.paper}-{row[name]}" for name in links if row[name]}
            whole.rows.append(row | own | {"paper": "P"})
        whole.relations += [one | {"paper": "P"} for one in card.relations if one["paper"] == card.paper]
    for row in rng.sample(whole.rows, round(len(whole.rows) * share)):
        row["printed"] = swap_digits(row["printed"], rng) or row["printed"]
    whole.relations = [dict(one) for one in dict.fromkeys(tuple(one.items()) for one in whole.relations)]
    return whole


def _run(command: list[str], log: Path) -> Measured:
    done = measure(command, NO_LIMITS, log, Path.cwd())
    if done.code not in (0, 1) or done.stopped:
        sys.exit(f"{' '.join(command)}: {done.stopped or done.code}\n{log.read_text(encoding='utf-8')}")
    return done


if __name__ == "__main__":
    main()
