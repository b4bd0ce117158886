"""Write the files of extracts that tests hand to `dq`: CSV and XLSX, sound or faulty."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from pathlib import Path

import openpyxl

Rows = Sequence[Sequence[object]]


def csv_bytes(*rows: str, newline: str = "\n") -> bytes:
    """Return lines as the bytes of a CSV file."""
    return "".join(row + newline for row in rows).encode()


def xlsx_bytes(sheets: Mapping[str, Rows]) -> bytes:
    """Return a workbook's bytes: sheet → rows of cells as Excel would hold them."""
    workbook = openpyxl.Workbook()
    assert workbook.active is not None
    workbook.remove(workbook.active)
    for title, rows in sheets.items():
        sheet = workbook.create_sheet(title)
        for row in rows:
            sheet.append(list(row))
        for cell in (cell for line in sheet.iter_rows() for cell in line if isinstance(cell.value, str)):
            cell.data_type = "s"  # what begins with "=" is text here, as it is in what it stands for
    held = io.BytesIO()
    workbook.save(held)
    return held.getvalue()


def write_files(folder: Path, files: Mapping[str, bytes]) -> Path:
    """Write name → bytes into a new folder, and return it."""
    folder.mkdir(parents=True)
    for name, held in files.items():
        (folder / name).write_bytes(held)
    return folder


def everything_under(folder: Path) -> dict[str, bytes | None]:
    """Return every path under a folder → its bytes, or None for a folder or a link: for what must stay as it was."""
    return {
        str(path.relative_to(folder)): path.read_bytes() if path.is_file() else None
        for path in sorted(folder.rglob("*"))
    }
