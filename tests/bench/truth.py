"""Is the truth inside the range? Samples with known figures, spoiled at several rates, with their figures' ranges.

Run with ``make truth``. For every seed a sound sample gives the true figures; then, for every rate, the same authority
with that share of records in error gives figures with ranges. Every figure with a range is held against its true value;
printed besides are how wide the ranges are and how many colours they leave settled.
"""

from __future__ import annotations

import argparse
import datetime as dt
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from dq.engine.check import Absent, check
from dq.engine.compile import dates_at
from dq.indicators.figures import figures
from dq.library.load import load_library
from dq.library.policy import Library, is_counted
from dq.model import Figure, Project, Severity, Unit
from dq.sample import write_sample
from dq.sources.load import load_folder
from dq.workspace import open_workspace

RECIPE, CARD, PERIOD = "kent-2016-08", "kent-scs", dt.date(2016, 8, 31)
Key = tuple[str, str, tuple[str, str | None, str]]


@dataclass
class Counted:
    """What was found of the figures of several samples."""

    inside: int = 0
    outside: list[str] = field(default_factory=list)
    not_known: Counter[str] = field(default_factory=Counter)
    widths: dict[tuple[str, str], list[float]] = field(default_factory=dict)
    coloured: Counter[str] = field(default_factory=Counter)
    settled: Counter[str] = field(default_factory=Counter)

    def add(self, seed: int, true: dict[Key, Figure], found: dict[Key, Figure]) -> None:
        """Hold the figures of a spoiled sample against the true ones."""
        for key, figure in found.items():
            if key not in true:
                continue  # a team that there is none of: an error made it up
            scope, then = key[0], true[key].value
            if figure.rag is not None:
                self.coloured[scope] += 1
                self.settled[scope] += figure.settled is True
            if then is None:
                continue
            if figure.low is None or figure.high is None:
                self.not_known[figure.indicator.id] += 1
                continue
            if figure.low - 1e-9 <= then <= figure.high + 1e-9:
                self.inside += 1
            else:
                self.outside.append(f"seed {seed}, {key}: {then} is not from {figure.low} to {figure.high}")
            self.widths.setdefault((figure.indicator.unit.value, scope), []).append(figure.high - figure.low)

    def lines(self) -> Iterator[str]:
        """Yield what was found, in words."""
        yield f"{self.inside:,} figures inside their range, {len(self.outside)} outside"
        yield from (f"    {one}" for one in self.outside[:20])
        if self.not_known:
            yield f"    range not known of {self.not_known.total():,}: {dict(self.not_known.most_common())}"
        for (unit, scope), widths in sorted(self.widths.items()):
            points = " points" if unit == Unit.PERCENT else ""
            yield f"    {unit}, {scope}: median width {median(widths):.2f}{points} of {len(widths):,}"
        for scope, count in self.coloured.items():
            settled = self.settled[scope]
            yield f"    {scope}: {settled:,} of {count:,} colours settled ({settled / count:.0%})"


def main() -> None:
    """Print what was found for each rate, after each seed."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--seeds", type=int, default=20)
    asked.add_argument("--rates", type=float, nargs="+", default=[0.01, 0.03, 0.1])
    asked.add_argument("--scale", type=float, default=1, help="size against Kent")
    asked.add_argument("--from-seed", type=int, default=1)
    asked.add_argument("--cards", nargs="+", default=[CARD], help="scorecards, all worked out of Kent's sample")
    said = asked.parse_args()
    library, counted = load_library(), {(rate, card): Counted() for rate in said.rates for card in said.cards}
    began = time.perf_counter()
    for seed in range(said.from_seed, said.from_seed + said.seeds):
        true = worked(library, seed, said.scale, 0, said.cards)
        for rate in said.rates:
            found = worked(library, seed, said.scale, rate, said.cards)
            for card in said.cards:
                counted[rate, card].add(seed, true[card], found[card])
        print(f"seed {seed}, {time.perf_counter() - began:.0f} s", flush=True)
    for (rate, card), of in counted.items():
        print(f"{card}, {rate:.0%} of records in error: {'; '.join(of.lines())}".replace("; ", "\n"))


def worked(
    library: Library, seed: int, scale: float, rate: float, cards: Sequence[str]
) -> dict[str, dict[Key, Figure]]:
    """Return the figures of a sample by scorecard, then by scope and line."""
    with tempfile.TemporaryDirectory() as place, open_workspace() as workspace:
        folder = Path(place) / "extracts"
        severity = Severity.ERROR if rate else None
        write_sample(RECIPE, folder, seed=seed, scale=scale, defects=rate, severity=severity)
        load_folder(workspace, folder, library.contracts, lambda _: None)
        rules = [b for b in library.rules.values() if is_counted(b.rule, PERIOD) and b.rule.severity is Severity.ERROR]
        nothing = Absent((), ())
        findings = check(workspace, library, rules if rate else [], dates_at(PERIOD), nothing, lambda _: None)
        found: dict[str, dict[Key, Figure]] = {}
        for name in cards:
            card, project = library.scorecards[name], Project(authority="Kent", scorecard=name)
            of = figures(workspace, library, card, findings, nothing, project, PERIOD, lambda _: None)
            found[name] = {(figure.scope.type, figure.scope.id, figure.key): figure for figure in of.figures}
        return found


if __name__ == "__main__":
    main()
