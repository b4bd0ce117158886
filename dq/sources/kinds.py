"""What a file is by its first bytes, whatever its name says."""

from __future__ import annotations

from pathlib import Path

from dq.problems import ProblemsError, refuse

DUCKDB, SQLITE = "a DuckDB database", "a SQLite database"
_MARKS = {
    b"%PDF": "a PDF document",
    b"PK\x03\x04": "a zip archive or a workbook",
    b"PK\x05\x06": "an empty zip archive",
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1": "an old Excel workbook, or one with a password",
    b"\xff\xd8\xff": "a JPEG picture",
    b"\x89PNG": "a PNG picture",
    b"GIF8": "a GIF picture",
    b"\x1f\x8b": "a gzip archive",
    b"7z\xbc\xaf\x27\x1c": "a 7-Zip archive",
    b"Rar!": "a RAR archive",
    b"PAR1": "a Parquet file",
    b"ARROW1": "an Arrow file",
    b"SQLite format 3\0": "a SQLite database",
    b"{\\rtf": "a Word document (RTF)",
    b"MZ": "a Windows program",
}
_TEXTS = {
    b"<!doctype": "a web page (HTML)",
    b"<html": "a web page (HTML)",
    b"<table": "a web page (HTML)",
    b"<meta": "a web page (HTML)",
    b"<?xml": "an XML document",
}
MARKUP = frozenset(_TEXTS.values())
_PASSWORD = "EncryptedPackage".encode("utf-16-le")
"""How the part of a workbook that holds it encrypted is called, in the old container it is put in."""
EXPORT = "Export the table itself, as CSV, XLSX or Parquet."


def kind_of(path: Path) -> str | None:
    """Return in words what a file is, or None where its first bytes say nothing: text, perhaps."""
    with path.open("rb") as file:
        head = file.read(64)
    if head[8:12] == b"DUCK":
        return DUCKDB
    plain = head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    marked = next((kind for mark, kind in _MARKS.items() if head.startswith(mark)), None)
    return marked or next((kind for mark, kind in _TEXTS.items() if plain.startswith(mark)), None)


def is_encrypted(path: Path) -> bool:
    """Whether a file of the old container holds a workbook with a password."""
    return _PASSWORD in path.read_bytes()


def not_what_it_says(path: Path, kind: str) -> ProblemsError:
    """Return the refusal of a file that is something else than its name says."""
    return refuse(f"this file is {kind}, whatever its name says.", path, instead=EXPORT)
