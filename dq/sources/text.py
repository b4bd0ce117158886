"""Bytes → UTF-8 text, and a count of its records that owes nothing to the parser."""

from __future__ import annotations

import codecs
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from dq.problems import refuse

_PIECE = 1 << 20
_WINDOWS = "Windows-1252"
_NOT_IN_WINDOWS = (0x81, 0x8D, 0x8F, 0x90, 0x9D)
_SAVE = "Save it as 'CSV UTF-8 (comma delimited)'."
_QUOTE, _NEWLINE = 34, 10


@dataclass(frozen=True)
class Text:
    """A file of UTF-8 text. ``encoding`` is what it was in before, where it was not UTF-8 from the beginning.

    ``records`` counts the lines that are not blank, a line within quotes being part of its record; ``blank`` those
    that are.
    """

    path: Path
    encoding: str | None
    records: int
    blank: int


class Counter:
    """Counts the records of UTF-8 text, piece by piece: line ends outside quotes, of any kind, and blank lines."""

    def __init__(self) -> None:
        self._ends = self.blank = 0
        self._quoted = False
        self._fresh = True
        self._held = b""

    def add(self, piece: bytes) -> None:
        """Count one more piece."""
        piece = self._held + piece
        self._held = b"\r" if piece.endswith(b"\r") else b""
        self._count(piece.removesuffix(b"\r"))

    def finish(self) -> None:
        """Count what is left at the end."""
        if self._held:
            self._count(b"\n")
        if not self._fresh:
            self._ends += 1

    @property
    def records(self) -> int:
        """The lines that are not blank."""
        return self._ends - self.blank

    def _count(self, piece: bytes) -> None:
        if not piece:
            return
        if b"\r" in piece:
            piece = piece.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        simple = not self._quoted and b'"' not in piece and b"\n\n" not in piece
        if simple and not (self._fresh and piece.startswith(b"\n")):
            self._ends += piece.count(b"\n")
        else:
            self._count_with_care(piece)
        self._fresh = piece.endswith(b"\n") and not self._quoted

    def _count_with_care(self, piece: bytes) -> None:
        letters = np.frombuffer(piece, np.uint8)
        quoted = np.bitwise_xor.accumulate(letters == _QUOTE) ^ self._quoted
        ends = np.flatnonzero((letters == _NEWLINE) & ~quoted)
        self._ends += len(ends)
        self.blank += int(np.count_nonzero(np.diff(ends) == 1))
        self.blank += int(self._fresh and len(ends) > 0 and ends[0] == 0)
        self._quoted = bool(quoted[-1])


def read_text(path: Path, copy: Callable[[], Path]) -> Text:
    """Find out how a file is encoded, and write it as UTF-8 to ``copy()`` where it is not.

    By its byte-order mark; else UTF-8 if it is valid; else Windows-1252, which Excel writes as "CSV". Raises
    ProblemsError for what is none of them, and for text with NUL bytes.
    """
    with path.open("rb") as file:
        head = file.read(4)
    if head in (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE):
        raise refuse("this file is UTF-32 text.", path, instead=_SAVE)
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _transcoded(path, "utf-16", "UTF-16", copy())
    try:
        return _counted(path, path, None)
    except _NotUtf8Error as error:
        if head.startswith(codecs.BOM_UTF8):
            raise refuse("this file begins as UTF-8 text, and here is none.", path, error.line, _SAVE) from None
        return _transcoded(path, "cp1252", _WINDOWS, copy())


class _NotUtf8Error(Exception):
    def __init__(self, line: int) -> None:
        self.line = line


def _counted(path: Path, original: Path, encoding: str | None) -> Text:
    decoder = codecs.getincrementaldecoder("utf-8")()
    counter, line = Counter(), 1
    for piece in _pieces(path):
        bad = piece.find(b"\0")
        if bad >= 0:
            raise _nul(original, piece, line + piece.count(b"\n", 0, bad))
        if not piece.isascii() or decoder.getstate()[0]:
            try:
                decoder.decode(piece)
            except UnicodeDecodeError as error:
                raise _NotUtf8Error(line + piece.count(b"\n", 0, error.start)) from None
        counter.add(piece)
        line += piece.count(b"\n")
    if decoder.getstate()[0]:
        raise _NotUtf8Error(line)
    counter.finish()
    return Text(path, encoding, counter.records, counter.blank)


def _nul(path: Path, piece: bytes, line: int) -> Exception:
    half = len(piece) // 3
    if max(piece[::2].count(0), piece[1::2].count(0)) > half:
        return refuse("this file is UTF-16 text without the mark that says so.", path, 1, _SAVE)
    return refuse("this file holds a NUL byte, which no text has.", path, line, f"Export it again. {_SAVE}")


def _transcoded(path: Path, codec: str, words: str, copy: Path) -> Text:
    decoder = codecs.getincrementaldecoder(codec)()
    line = 1
    with copy.open("wb") as out:
        for piece in _pieces(path):
            try:
                text = decoder.decode(piece)
            except UnicodeDecodeError as error:
                raise _undecodable(path, piece, codec, line, error) from None
            out.write(text.encode())
            line += text.count("\n")
        try:
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            raise refuse(f"this {words} text breaks off in the middle of a letter.", path, line, _SAVE) from None
    try:
        return _counted(copy, path, words)
    except _NotUtf8Error as error:
        raise refuse(f"this file is not {words} text.", path, error.line, _SAVE) from None


def _undecodable(path: Path, piece: bytes, codec: str, line: int, error: UnicodeDecodeError) -> Exception:
    if codec == "cp1252":
        bad = min(place for place in map(piece.find, map(_byte, _NOT_IN_WINDOWS)) if place >= 0)
        line += piece.count(b"\n", 0, bad)
        return refuse("this file is neither UTF-8 nor Windows-1252 text.", path, line, _SAVE)
    line += piece[: error.start].decode(codec, "ignore").count("\n")
    return refuse("this file is not UTF-16 text, though it begins as such.", path, line, _SAVE)


def _byte(value: int) -> bytes:
    return bytes([value])


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        yield from iter(lambda: file.read(_PIECE), b"")
