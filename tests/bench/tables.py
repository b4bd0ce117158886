"""The bench's figures as Markdown tables."""

from __future__ import annotations

import statistics
from dataclasses import dataclass

from tests.bench.measure import Measured

_VARIANTS = {"few": "2 rows in 100 fail a rule", "many": "2 visits in 5 also fail one rule"}


@dataclass(frozen=True)
class Line:
    """One contender in one size and variant: medians, and the least and greatest ratio of wall time to the base."""

    size: str
    variant: str
    name: str
    seconds: float | None
    ratios: tuple[float, float, float] | None
    cpu_ratio: float | None
    peak: float | None
    outcome: str

    @classmethod
    def of(cls, size: str, variant: str, name: str, runs: list[Measured], bases: list[Measured], outcome: str) -> Line:
        """Sum up ``runs``, each compared with the run of the base just before it."""
        if not runs:
            return cls(size, variant, name, None, None, None, None, outcome)
        ratios = [run.seconds / before.seconds for run, before in zip(runs, bases, strict=True)]
        return cls(
            size,
            variant,
            name,
            statistics.median(run.seconds for run in runs),
            (statistics.median(ratios), min(ratios), max(ratios)),
            statistics.median(run.cpu / before.cpu for run, before in zip(runs, bases, strict=True)),
            max(run.peak for run in runs),
            outcome,
        )


def table(size: str, variant: str, lines: list[Line]) -> str:
    """Return one table: the base first, then from the quickest to the slowest, then who did not finish."""
    yardstick, *others = lines
    others.sort(key=lambda line: (line.ratios is None, line.ratios))
    head = (
        f"\n**{size} rows, {variant}: {_VARIANTS[variant]}**\n\n"
        "| contender | wall time ÷ base: median (least–greatest) | processor time ÷ base | seconds | peak memory "
        "| every failing row with its key |\n|---|---|---|---|---|---|\n"
    )
    return head + "".join(_row(line) for line in [yardstick, *others])


def _row(line: Line) -> str:
    if line.ratios is None:
        return f"| {line.name} | – | – | – | – | {line.outcome} |\n"
    middle, least, greatest = line.ratios
    return (
        f"| {line.name} | {middle:.2f} ({least:.2f}–{greatest:.2f}) | {line.cpu_ratio:.2f} | {line.seconds:.2f} "
        f"| {(line.peak or 0) / 1e9:.2f} GB | {line.outcome} |\n"
    )


def growth(lines: list[Line]) -> str:
    """Return how each contender's seconds and memory grow from size to size: 1.0 a size is linear."""
    sizes = list(dict.fromkeys(line.size for line in lines))
    head = (
        "\n**Growth: median seconds (peak memory) at each size**\n\n| contender | rows failing | "
        + " | ".join(sizes)
        + " |\n|---|---|"
        + "---|" * len(sizes)
        + "\n"
    )
    rows = {(line.name, line.variant): {} for line in lines}
    for line in lines:
        said = "–" if line.seconds is None else f"{line.seconds:.2f} s ({(line.peak or 0) / 1e9:.2f} GB)"
        rows[line.name, line.variant][line.size] = said
    return head + "".join(
        f"| {name} | {variant} | " + " | ".join(said.get(size, "–") for size in sizes) + " |\n"
        for (name, variant), said in rows.items()
    )
