"""The archive inside a workbook, opened with care: what it says it holds is checked before any of it is read."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from html import unescape
from pathlib import Path

from dq.problems import ProblemsError, refuse

MOST_UNPACKED = 4 << 30
"""Bytes that a workbook may hold once unpacked; a million records of thirty columns take up half of it."""
MOST_PACKED_TIGHT = 300
"""How many times larger a part may become; sheets of records become ten to thirty times larger."""
_SMALL = 10 << 20
_MOST_PARTS = 10_000
_PIECE = 1 << 20
_ATTRIBUTE = re.compile(r'([\w:]+)\s*=\s*"([^"]*)"')


@contextmanager
def open_archive(path: Path) -> Iterator[zipfile.ZipFile]:
    """Open a workbook's archive. Raises ProblemsError for one that is damaged, or that would fill the machine."""
    try:
        with zipfile.ZipFile(path) as archive:
            _check(path, archive)
            yield archive
    except (zipfile.BadZipFile, NotImplementedError, EOFError, RuntimeError, zipfile.LargeZipFile):
        raise damaged(path) from None


def damaged(path: Path) -> ProblemsError:
    """Return the refusal of a workbook that cannot be read."""
    return refuse("this workbook is damaged or not whole.", path, instead="Save it again as .xlsx.")


def _check(path: Path, archive: zipfile.ZipFile) -> None:
    parts = archive.infolist()
    total = sum(part.file_size for part in parts)
    tight = any(p.file_size > _SMALL and p.file_size > MOST_PACKED_TIGHT * p.compress_size for p in parts)
    if total > MOST_UNPACKED or len(parts) > _MOST_PARTS or tight:
        size = f"{total / (1 << 20):,.0f} MiB in {len(parts):,} parts"
        what = f"this workbook would unpack to {size}; no sheet of records does."
        raise refuse(what, path, instead="Export the records again, as CSV.")


def pieces(archive: zipfile.ZipFile, part: str) -> Iterator[bytes]:
    """Yield the bytes of a part, never more than the archive said there are."""
    with archive.open(part) as file:
        yield from iter(lambda: file.read(_PIECE), b"")


def elements(archive: zipfile.ZipFile, part: str, tag: str) -> list[dict[str, str]]:
    """Return the attributes of every element of a small part that has this tag, whatever its prefix."""
    text = b"".join(pieces(archive, part)).decode("utf-8", "replace")
    found = re.findall(rf"<(?:\w+:)?{tag}\b([^>]*)>", text)
    return [{key: unescape(value) for key, value in _ATTRIBUTE.findall(attributes)} for attributes in found]
