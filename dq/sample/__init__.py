"""Authorities that do not exist, made from recipes: sound records with known figures, or with known defects in them."""

from __future__ import annotations

from dataclasses import dataclass, fields
from operator import attrgetter
from pathlib import Path

from dq.model import Severity
from dq.problems import refuse
from dq.sample.authority import make_authority
from dq.sample.defects import PutIn, put_in
from dq.sample.recipe import load_recipe
from dq.sample.records import ROWS, Record
from dq.sample.write import must_be_ours, write_files

__all__ = ["SampleSummary", "write_sample"]

SMALLEST = 0.02


@dataclass(frozen=True)
class SampleSummary:
    """What a sample holds: rows by extract, and defects put in by rule."""

    rows: dict[str, int]
    defects: dict[str, int]


def write_sample(
    recipe: str | Path,
    out: Path,
    *,
    seed: int = 1,
    scale: float = 1.0,
    defects: float = 0.0,
    severity: Severity | None = None,
) -> SampleSummary:
    """Write a sample authority to the folder ``out``: a CSV for each extract, and ``truth.csv``.

    ``recipe`` is a name or a path; ``scale`` multiplies every count; ``defects`` is the share of the children who
    could carry a kind of defect that do, and ``severity`` keeps to defects that rules of that severity find.
    Raises ProblemsError for an unknown or faulty recipe, a scale or rate that cannot be, or if ``out`` holds files
    that are not a sample's.
    """
    _must_be_possible(scale, defects)
    must_be_ours(out)
    making = make_authority(load_recipe(recipe), seed=seed, scale=scale)
    done = put_in(making, seed=seed, rate=defects, severity=severity)
    tables = {extract: _with_defects(extract, getattr(making.records, extract), done) for extract in ROWS}
    write_files(tables, out, written_as=done.cells, truth=done.flags)
    return SampleSummary({extract: len(rows) for extract, rows in tables.items()}, done.counts)


def _must_be_possible(scale: float, defects: float) -> None:
    if scale < SMALLEST:
        raise refuse(f"A scale of {scale:g} leaves too few children.", instead=f"{SMALLEST} is the smallest.")
    if not 0 <= defects <= 1:
        raise refuse(
            f"A rate of {defects:g} is not a share of the records.", instead="0 for none, up to 1; such as 0.02."
        )


def _with_defects(extract: str, rows: list[Record], done: PutIn) -> list[Record]:
    """Return the rows of an extract without those dropped and with those added."""
    dropped = {key for name, key in done.dropped if name == extract}
    key = attrgetter(fields(ROWS[extract])[0].name)
    kept = [row for row in rows if key(row) not in dropped] if dropped else list(rows)
    return kept + [row for name, row in done.added if name == extract]
