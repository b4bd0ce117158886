"""A whole sample, of any size: one authority, or as many blocks as it takes, each made apart and put on disk."""

from __future__ import annotations

import gc
import math
import os
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, fields
from itertools import repeat
from operator import attrgetter
from pathlib import Path

from dq.model import Severity
from dq.problems import refuse
from dq.sample.authority import make_authority
from dq.sample.defects import PutIn, put_in
from dq.sample.recipe import load_recipe
from dq.sample.records import ROWS, Record
from dq.sample.write import must_be_ours, put_in_place, write_block

SHARED = ("teams", "child_population", "benchmarks")
"""Extracts that are about no child and no worker: the first block's are everybody's."""
SMALLEST = 50
LARGEST_BLOCK = 1.0


@dataclass(frozen=True)
class SampleSummary:
    """What a sample holds: rows by extract, and defects put in by rule."""

    rows: dict[str, int]
    defects: dict[str, int]


@dataclass(frozen=True)
class _Asked:
    """What is asked of every block. ``scale`` is a block's own."""

    recipe: str | Path
    seed: int
    scale: float
    blocks: int
    defects: float
    severity: Severity | None


def write_sample(
    recipe: str | Path,
    out: Path,
    *,
    seed: int = 1,
    scale: float | None = None,
    children: int | None = None,
    defects: float = 0.0,
    severity: Severity | None = None,
) -> SampleSummary:
    """Write a sample authority to the folder ``out``: a CSV for each extract, and ``truth.csv``.

    ``recipe`` is a name or a path. ``scale`` multiplies every count; or ``children`` says about how many children
    there shall be. ``defects`` is the share of the children who could carry a kind of defect that do, and
    ``severity`` keeps to defects that rules of that severity find. What is larger than the recipe is made of blocks
    of its size, so memory does not grow with it.
    Raises ProblemsError for an unknown or faulty recipe, a size or rate that cannot be, or if ``out`` holds files
    that are not a sample's.
    """
    usual = load_recipe(recipe).children
    times = children / usual if children is not None else 1.0 if scale is None else scale
    _must_be_possible(times * usual, defects)
    must_be_ours(out)
    blocks = math.ceil(times / LARGEST_BLOCK)
    asked = _Asked(recipe, seed, times / blocks, blocks, defects, severity)
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{out.name}-", dir=out.parent) as made:
        folders = [Path(made) / f"{block}" for block in range(blocks)]
        summaries = list(_made(asked, folders))
        put_in_place(folders, out, Path(made))
    rows, done = Counter[str](), Counter[str]()
    for summary in summaries:
        rows.update(summary.rows)
        done.update(summary.defects)
    return SampleSummary(dict(rows), dict(done))


def _must_be_possible(children: float, defects: float) -> None:
    if children < SMALLEST:
        raise refuse(f"About {children:.0f} children are too few.", instead=f"{SMALLEST} are the fewest.")
    if not 0 <= defects <= 1:
        raise refuse(
            f"A rate of {defects:g} is not a share of the records.", instead="0 for none, up to 1; such as 0.02."
        )


def _made(asked: _Asked, folders: Sequence[Path]) -> Iterator[SampleSummary]:
    """Make every block, side by side where there are several: none depends on another."""
    if len(folders) == 1:
        yield _block(asked, 0, folders[0])
        return
    with ProcessPoolExecutor(max_workers=min(len(folders), os.cpu_count() or 1), max_tasks_per_child=1) as pool:
        yield from pool.map(_block, repeat(asked), range(len(folders)), folders)


@contextmanager
def _nothing_collected() -> Iterator[None]:
    """Search for no cycles meanwhile: a block is millions of records that all live to its end, and none has any."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


@_nothing_collected()
def _block(asked: _Asked, block: int, folder: Path) -> SampleSummary:
    """Make one block and write its records and truth to ``folder``."""
    making = make_authority(load_recipe(asked.recipe), seed=asked.seed, scale=asked.scale, block=block)
    alone = asked.blocks == 1
    done = put_in(making, seed=asked.seed, rate=asked.defects, severity=asked.severity, alone=alone)
    tables = {
        extract: [] if block and extract in SHARED else _with_defects(extract, getattr(making.records, extract), done)
        for extract in ROWS
    }
    write_block(tables, folder, written_as=done.cells, truth=done.flags)
    return SampleSummary({extract: len(rows) for extract, rows in tables.items()}, done.counts)


def _with_defects(extract: str, rows: list[Record], done: PutIn) -> list[Record]:
    """Return the rows of an extract without those dropped and with those added."""
    dropped = {key for name, key in done.dropped if name == extract}
    key = attrgetter(fields(ROWS[extract])[0].name)
    kept = [row for row in rows if key(row) not in dropped] if dropped else list(rows)
    return kept + [row for name, row in done.added if name == extract]
