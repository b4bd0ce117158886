"""Find the file of each extract in a folder, and read its header: CSV and XLSX."""

from __future__ import annotations

import codecs
import csv
import hashlib
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from dq.problems import nearest, refuse

SUFFIXES = (".csv", ".xlsx")
_LONGEST_HEADING = 1_000_000


@dataclass(frozen=True)
class SourceFile:
    """A file as it lies in the folder: its columns as headed, and, for a workbook, its cells as text.

    The columns of ``cells`` are ``column 0``, ``column 1``, …, in the order of ``columns``.
    """

    path: Path
    columns: tuple[str, ...]
    delimiter: str = ","
    cells: pa.Table | None = None

    def sha256(self) -> str:
        """Return the SHA-256 of the file's bytes."""
        with self.path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()


def plain(heading: str) -> str:
    """Return a heading in the form names are compared in: small letters, one underscore for spaces and dashes."""
    return "_".join(heading.replace("-", " ").replace("_", " ").lower().split())


def find_files(folder: Path, extracts: Iterable[str]) -> tuple[dict[str, Path], list[str]]:
    """Return extract → file for the files of ``folder`` named for one, and the names of the others.

    Two files for one extract, or a folder with none at all, are refused. Raises ProblemsError.
    """
    if not folder.is_dir():
        raise refuse(f"there is no folder {folder}.", instead="Name the folder that holds the extracts.")
    known = set(extracts)
    found: dict[str, Path] = {}
    strays: list[str] = []
    for path in sorted(folder.iterdir()):
        extract = plain(path.stem)
        if path.name.startswith((".", "~$")) or path.suffix.lower() not in SUFFIXES:
            continue
        if extract not in known:
            strays.append(path.name)
        elif extract in found:
            raise refuse(f"two files for the extract '{extract}': {found[extract].name} and {path.name}.", folder,
                         instead="Keep one.")  # fmt: skip
        else:
            found[extract] = path
    if not found:
        hint = nearest(plain(Path(strays[0]).stem), known) if strays else f"Known: {', '.join(sorted(known))}."
        held = f"It holds {', '.join(strays[:5])}." if strays else "It holds no CSV or XLSX file."
        raise refuse(f"{folder} holds no extract. {held}", instead=hint)
    return found, strays


def open_source(path: Path) -> SourceFile:
    """Read a file's header (and a workbook's cells). Raises ProblemsError for what is not the file its name says."""
    source = _open_xlsx(path) if path.suffix.lower() == ".xlsx" else _open_csv(path)
    seen: dict[str, str] = {}
    for i, column in enumerate(source.columns, 1):
        key = plain(column)
        if not key:
            raise refuse(f"column {i} has no heading.", path, 1, "Head every column, and put the headings in row 1.")
        if key in seen:
            raise refuse(f"the heading '{column}' is used twice.", path, 1, "Give each column its own heading.")
        seen[key] = column
    return source


def _open_csv(path: Path) -> SourceFile:
    _check_text(path)
    with path.open(encoding="utf-8-sig", newline="") as file:
        first = file.readline(_LONGEST_HEADING)
        delimiter = max(",;\t|", key=first.count)
        file.seek(0)
        header = next(csv.reader(file, delimiter=delimiter), [])
    if not any(header):
        raise refuse("this file is empty.", path, 1, "It should begin with a row of headings.")
    return SourceFile(path, tuple(header), delimiter)


def _check_text(path: Path) -> None:
    """Refuse a file that is not UTF-8 text, at the line where it ceases to be."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    line = 1
    with path.open("rb") as file:
        for piece in iter(lambda: file.read(1 << 20), b""):
            bad = piece.find(b"\0")
            try:
                decoder.decode(piece)
            except UnicodeDecodeError as error:
                bad = error.start if bad < 0 else bad
            if bad >= 0:
                line += piece.count(b"\n", 0, bad)
                raise refuse("this file is not UTF-8 text.", path, line, "Save it as 'CSV UTF-8 (comma delimited)'.")
            line += piece.count(b"\n")


def _open_xlsx(path: Path) -> SourceFile:
    if not zipfile.is_zipfile(path):
        raise refuse("this file is not an Excel workbook, whatever its name says.", path, instead="Save it as .xlsx.")
    import fastexcel

    try:
        reader = fastexcel.read_excel(path)
        names = reader.sheet_names
        # Without a header row of its own choosing the reader neither renames nor invents a heading.
        table = pa.table(reader.load_sheet(0, header_row=None, dtypes="string").to_arrow())
    except fastexcel.FastExcelError as error:
        fault = type(error).__name__
        raise refuse(f"this workbook cannot be read ({fault}).", path, instead="Save it again as .xlsx.") from None
    if len(names) > 1:
        held = f"{len(names)} sheets: {', '.join(names)}"
        raise refuse(f"this workbook has {held}.", path, instead="Keep one sheet in a file.")
    if table.num_rows == 0:
        raise refuse("this workbook is empty.", path, 1, "It should begin with a row of headings.")
    headings = [str(column[0].as_py() or "") for column in table.columns]
    while headings and not headings[-1] and table.column(len(headings) - 1).null_count == table.num_rows:
        headings.pop()  # a column that is blank throughout, which Excel counts as used
    cells = table.select(range(len(headings))).slice(1)
    return SourceFile(path, tuple(headings), cells=cells.rename_columns([f"column {i}" for i in range(len(headings))]))
