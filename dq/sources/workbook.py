"""Excel workbooks: one sheet or several, titles above the headings, numbers and dates as cells or as text.

Nothing in a workbook is run: macros and formulas are left alone, and the results that Excel saved are read.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from dq.problems import refuse
from dq.sources.intake import Digest, Intake
from dq.sources.kinds import is_encrypted, kind_of, not_what_it_says
from dq.sources.sheet_scan import SheetScan, scan_sheet
from dq.sources.table import LOOKED_AT, Spot, Table, Wanted, find_headings
from dq.sources.zipped import damaged, elements, open_archive

_BOOK, _LINKS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"


@dataclass(frozen=True)
class _Cells:
    """A sheet's cells as text, from its first row on, and what its XML says besides."""

    scan: SheetScan
    rows: pa.Table
    first_column: int

    def row(self, number: int) -> list[str]:
        """Return the cells of a row (from 1) as text."""
        return [column[number - 1].as_py() or "" for column in self.rows.columns]


class Workbook:
    """A workbook whose archive is sound. Raises ProblemsError for a file that is something else."""

    def __init__(self, path: Path, intake: Intake) -> None:
        self.path = path
        self._intake = intake
        self._cells: dict[str, _Cells] = {}
        kind = kind_of(path)
        if kind is not None and "password" in kind:
            raise _old_container(path)
        if kind is None or "zip" not in kind:
            raise not_what_it_says(path, kind or "no Excel workbook")
        with open_archive(path) as archive:
            if _BOOK not in archive.namelist():
                raise not_what_it_says(path, "a zip archive" if archive.namelist() else "an empty zip archive")
            self._parts, self.hidden = _sheets(archive)

    @property
    def sheets(self) -> tuple[str, ...]:
        """The names of the sheets that can be seen."""
        return tuple(name for name in self._parts if name not in self.hidden)

    @cached_property
    def _digest(self) -> Digest:
        return Digest(self.path)

    def open_sheet(self, name: str, wanted: Wanted | None) -> Table:
        """Find the headings of a sheet and count its records. Raises ProblemsError for cells that would be lost."""
        spot = Spot(self.path, f"sheet '{name}'" if len(self._parts) > 1 else "")
        cells = self._read(name)
        scan = cells.scan
        if not scan.filled:
            raise spot.refuse("this sheet is empty.", 1, "It should begin with a row of headings.")
        place = find_headings([cells.row(number) for number in scan.filled], wanted)
        line = scan.filled[place]
        merged = next((cell_range for cell_range, last in scan.merged if last > line), None)
        if merged is not None:
            raise spot.refuse(f"the cells {merged} are merged.", line, "Unmerge them, and fill in each.")
        if scan.pending is not None:
            raise spot.refuse(f"the formula in {scan.pending} has no result.", line, "Open it in Excel and save it.")
        headings, below, filled = _beneath(_with_errors(cells, line), line)
        return Table(
            spot, headings, self._intake.register(below), scan.beneath(line), line=line, titles=place,
            digest=self._digest, lines=lambda: [line + 1 + place for place in filled.to_pylist()],
        )  # fmt: skip

    def choose_sheet(self, wanted: Wanted) -> str:
        """Return the one sheet whose headings fit the extract. Raises ProblemsError where two do, or none."""
        if len(self.sheets) == 1:
            return self.sheets[0]
        fitting = [name for name in self.sheets if self._fits(name, wanted)]
        if len(fitting) == 1:
            return fitting[0]
        extract = wanted.contract.name
        if fitting:
            what = f"two sheets fit the extract '{extract}': '{fitting[0]}' and '{fitting[1]}'."
            raise refuse(what, self.path, instead=f"Name the right one '{extract}'.")
        held = ", ".join(f"'{name}'" for name in self.sheets) or "no sheet that can be seen"
        hidden = f" (hidden: {', '.join(self.hidden)})" if self.hidden else ""
        what = f"no sheet has the key column of the extract '{extract}'; there is {held}{hidden}."
        raise refuse(what, self.path, instead="Show it, or correct its headings.")

    def _fits(self, name: str, wanted: Wanted) -> bool:
        cells = self._read(name)
        return any(wanted.fit(cells.row(number)) for number in cells.scan.filled)

    def _read(self, name: str) -> _Cells:
        if name not in self._cells:
            with open_archive(self.path) as archive:
                scan = scan_sheet(archive, self._parts[name], LOOKED_AT)
            rows, first = _load(self.path, name) if scan.rows else (pa.table({}), 0)
            self._cells[name] = _Cells(scan, rows, first)
        return self._cells[name]


def _old_container(path: Path) -> Exception:
    if is_encrypted(path):
        return refuse("this workbook is protected with a password.", path, instead="Save a copy without one.")
    return refuse("this is a workbook of the old kind (.xls).", path, instead="Open it in Excel and save it as .xlsx.")


def _sheets(archive: zipfile.ZipFile) -> tuple[dict[str, str], tuple[str, ...]]:
    """Return sheet → its part of the archive, for sheets of cells, and which of them are hidden."""
    links = {link["Id"]: link for link in elements(archive, _LINKS, "Relationship") if "Id" in link}
    parts, hidden = {}, []
    for sheet in elements(archive, _BOOK, "sheet"):
        link = links.get(next((value for key, value in sheet.items() if key.endswith(":id")), ""), {})
        if not link.get("Type", "").endswith("/worksheet"):
            continue  # a chart, or a macro sheet
        target = link.get("Target", "")
        parts[sheet["name"]] = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        if sheet.get("state", "visible") != "visible":
            hidden.append(sheet["name"])
    return parts, tuple(hidden)


def _load(path: Path, name: str) -> tuple[pa.Table, int]:
    """Return all cells of a sheet as text, from its first row, and which column (from 0) is the first."""
    import fastexcel

    try:
        # Told to find headings the reader would rename and invent them; told nothing it would skip rows at the top.
        sheet = fastexcel.read_excel(path).load_sheet(name, header_row=None, skip_rows=0, dtypes="string")
        first = sheet.selected_columns[0].absolute_index if sheet.selected_columns else 0
        return pa.table(sheet.to_arrow()), first
    except fastexcel.FastExcelError:
        raise damaged(path) from None


def _with_errors(cells: _Cells, line: int) -> pa.Table:
    """Return the cells with Excel's errors (#N/A) as text, which the reader leaves out, beneath the headings."""
    rows = cells.rows
    by_column: dict[int, list[tuple[int, str]]] = {}
    for row, column, text in cells.scan.errors:
        if row > line:
            by_column.setdefault(column - cells.first_column, []).append((row - 1, text))
    for column, faults in by_column.items():
        held: list[Any] = rows.column(column).to_pylist()
        for row, text in faults:
            held[row] = text
        rows = rows.set_column(column, rows.field(column), pa.array(held, pa.string()))
    return rows


def _beneath(rows: pa.Table, line: int) -> tuple[tuple[str, ...], pa.Table, pa.Array]:
    """Return the headings, the rows beneath them that hold anything, and how far beneath each is, from 0.

    A column without heading or cells, which Excel counts as used, is left out.
    """
    named = [str(column[line - 1].as_py() or "") for column in rows.columns]
    below = rows.slice(line)
    kept = [i for i, heading in enumerate(named) if heading.strip() or below.column(i).null_count < below.num_rows]
    cells = below.select(kept).rename_columns([f"column {i}" for i in range(len(kept))])
    if not kept:
        return (), cells, pa.array([], pa.int64())
    filled = _any_filled(cells.columns)
    return tuple(named[i] for i in kept), cells.filter(filled), pc.indices_nonzero(filled)


def _any_filled(columns: Iterable[Any]) -> Any:
    first, *others = (column.is_valid() for column in columns)
    for other in others:
        first = pc.or_(first, other)
    return first
