"""Records to files: one CSV an extract, and the list of defects put in. Whole, or not at all."""

from __future__ import annotations

import csv
import datetime as dt
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields
from operator import attrgetter
from pathlib import Path

from dq.problems import refuse
from dq.sample.records import ROWS, Record

TRUTH = "truth.csv"
OURS = {f"{extract}.csv" for extract in ROWS} | {TRUTH}
Cell = tuple[str, str, str]
"""(extract, record key, column)."""


def write_files(
    tables: Mapping[str, list[Record]], out: Path, *, written_as: Mapping[Cell, str], truth: Iterable[tuple[str, str]]
) -> None:
    """Write every extract and ``truth.csv`` to ``out``; ``written_as`` is text that stands in for the value of a cell.

    Raises ProblemsError if ``out`` holds anything that is not a file of an earlier sample.
    """
    must_be_ours(out)
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{out.name}-", dir=out.parent) as name:
        new, old = Path(name) / "new", Path(name) / "old"
        new.mkdir()
        for extract, row in ROWS.items():
            columns = [field.name for field in fields(row)]
            _write(new / f"{extract}.csv", columns, _lines(extract, columns, tables[extract], written_as))
        _write(new / TRUTH, ["rule_id", "record_key"], truth)
        if out.exists():
            out.rename(old)
        shutil.move(new, out)


def must_be_ours(out: Path) -> None:
    """Raise ProblemsError if ``out`` is a file, or holds anything but the files of a sample."""
    if out.exists() and not out.is_dir():
        raise refuse("This is a file, and a sample is a folder.", out, instead="Name another.")
    other = sorted({path.name for path in out.iterdir()} - OURS) if out.exists() else []
    if other:
        raise refuse(
            f"This folder holds other files, such as '{other[0]}'.", out, instead="Name an empty or a new one."
        )


class _Texts(dict[object, str]):
    """How each day and time is written, worked out once."""

    def __missing__(self, value: dt.date) -> str:
        text = self[value] = f"{value:%d/%m/%Y %H:%M}" if isinstance(value, dt.datetime) else f"{value:%d/%m/%Y}"
        return text


def _lines(
    extract: str, columns: list[str], rows: list[Record], written_as: Mapping[Cell, str]
) -> Iterator[tuple[str, ...]]:
    texts = _Texts({None: ""})
    values = zip(*(map(attrgetter(column), rows) for column in columns), strict=True)
    changed = {(record_key, column): text for (name, record_key, column), text in written_as.items() if name == extract}
    keys = {record_key for record_key, _ in changed}
    for row in values:
        written = tuple([value if isinstance(value, str) else texts[value] for value in row])
        if written[0] in keys:
            written = tuple(changed.get((written[0], c), text) for c, text in zip(columns, written, strict=True))
        yield written


def _write(path: Path, header: list[str], rows: Iterable[tuple[str, ...]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)
