"""Records to files: one CSV an extract, and the list of defects put in. Whole, or not at all."""

from __future__ import annotations

import csv
import datetime as dt
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields
from operator import attrgetter
from pathlib import Path

from dq.problems import refuse
from dq.sample.records import ROWS, Record

TRUTH = "truth.csv"
OURS = {f"{extract}.csv" for extract in ROWS} | {TRUTH}
Cell = tuple[str, str, str]
"""(extract, record key, column)."""


def write_block(
    tables: Mapping[str, list[Record]],
    folder: Path,
    *,
    written_as: Mapping[Cell, str],
    truth: Iterable[tuple[str, str]],
) -> None:
    """Write every extract and the truth of a block to the new ``folder``, without headings.

    ``written_as`` is text that stands in for the value of a cell.
    """
    folder.mkdir()
    for extract, row in ROWS.items():
        columns = [field.name for field in fields(row)]
        _write(folder / f"{extract}.csv", _lines(extract, columns, tables[extract], written_as))
    _write(folder / TRUTH, truth)


def put_in_place(blocks: Sequence[Path], out: Path, scratch: Path) -> None:
    """Join the files of the blocks under headings, and make them the folder ``out``: whole, or not at all.

    Raises ProblemsError if ``out`` holds anything that is not a file of an earlier sample.
    """
    must_be_ours(out)
    new, old = scratch / "new", scratch / "old"
    new.mkdir()
    headings = {f"{extract}.csv": [field.name for field in fields(row)] for extract, row in ROWS.items()}
    for name, heading in {**headings, TRUTH: ["rule_id", "record_key"]}.items():
        with (new / name).open("wb") as joined:
            joined.write((",".join(heading) + "\n").encode())
            for block in blocks:
                with (block / name).open("rb") as part:
                    shutil.copyfileobj(part, joined)
                (block / name).unlink()
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
    """How each day, time and number is written, worked out once."""

    def __missing__(self, value: dt.date | float) -> str:
        if isinstance(value, dt.datetime):
            text = f"{value:%d/%m/%Y %H:%M}"
        else:
            text = f"{value:%d/%m/%Y}" if isinstance(value, dt.date) else f"{value:g}"
        self[value] = text
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


def _write(path: Path, rows: Iterable[tuple[str, ...]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)
