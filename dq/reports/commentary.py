"""What managers write of the figures: plain text, a file for each measure and month.

``commentary/2016-08/cin_seen.txt`` is shown on the page of ``cin_seen`` in the run for August 2016, and nowhere else.
What would be shown nowhere by a slip of its name is refused, so that nothing written is lost in silence.
"""

from __future__ import annotations

import codecs
import datetime as dt
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from dq.library.limits import line_of
from dq.model import Figure, Project
from dq.periods import months_before
from dq.problems import Problem, ProblemsError, nearest, refuse
from dq.reports import words

ENDING = ".txt"
_MONTH = re.compile(r"(19|20)[0-9]{2}-(0[1-9]|1[0-2])")
_MONTHS_NEAR = 24
_HEADINGS = ("author", "figure")
_FIGURE = re.compile(r"(-?[0-9][0-9,]*(?:\.[0-9]+)?)\s*%?")
_NOT_TEXT = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
_SAVE = "Write it in Notepad and save it as UTF-8 text."
_LEFT_BY_SYSTEMS = frozenset({"thumbs.db", "desktop.ini"})


@dataclass(frozen=True)
class Commentary:
    """What a manager wrote of a figure: paragraphs as typed, who wrote them, and the figure they were written of."""

    paragraphs: tuple[str, ...]
    author: str = ""
    figure: float | None = None

    def outdated(self, now: Figure) -> str:
        """Return a note that the figure is another than the text was written of; empty where it is not, as printed."""
        if self.figure is None:
            return ""
        unit = now.indicator.unit
        was, is_now = words.number(self.figure, unit), words.number(now.value, unit)
        if was == is_now:
            return ""
        told = "There is no figure now" if now.value is None else f"It is now {is_now}"
        return f"This was written when the figure was {was}. {told}."


def commentary_place(project: Project, period: dt.date, measure: str) -> str:
    """Return where the commentary on a measure is written, as it stands in the project's folder."""
    return f"{project.commentary}/{period:%Y-%m}/{words.measure_stem(measure)}{ENDING}"


def read_commentary(project: Project, period: dt.date, measures: Collection[str]) -> dict[str, Commentary]:
    """Return the commentary of a month by measure.

    Raises ProblemsError for a folder that is no month, and in the folder of this month for a file of no measure, one
    without text, and one that is not text.
    """
    folder = project.folder / project.commentary
    if not folder.is_dir():
        if "commentary" in project.model_fields_set or folder.exists():
            line = line_of(project.path, "commentary")
            raise refuse(f"there is no folder {folder}.", project.path, line, "Make it, or correct 'commentary'.")
        return {}
    problems = list(_not_months(folder, period))
    by_stem = {words.measure_stem(measure): measure for measure in measures}
    found: dict[str, Commentary] = {}
    for path in _entries(folder / f"{period:%Y-%m}"):
        try:
            measure = _measure_of(path, by_stem)
            if measure in found:
                raise refuse("there are two files of this name, whatever the case of its letters.", path)
            found[measure] = _parsed(_text(path), path)
        except ProblemsError as error:
            problems.extend(error.problems)
    if problems:
        raise ProblemsError(problems)
    return found


def _not_months(folder: Path, period: dt.date) -> Iterator[Problem]:
    months = [f"{months_before(period, back):%Y-%m}" for back in range(_MONTHS_NEAR)]
    for path in _entries(folder):
        if not path.is_dir():
            hint = f"Put it in the folder of its month: {folder.name}/{months[0]}."
            yield Problem("this file is of no month, so it would be shown nowhere.", path, instead=hint)
        elif not _MONTH.fullmatch(path.name):
            hint = _near(path.name, months) or f"Name it as YYYY-MM, such as {months[0]}."
            yield Problem(f"'{path.name}' is not a month.", path, instead=hint)


def _entries(folder: Path) -> list[Path]:
    """Return what people put in a folder, in order of name: not what their systems leave there."""
    if not folder.is_dir():
        return []
    return sorted(
        path for path in folder.iterdir()
        if not path.name.startswith((".", "~")) and path.name.lower() not in _LEFT_BY_SYSTEMS
    )  # fmt: skip


def _measure_of(path: Path, by_stem: Mapping[str, str]) -> str:
    if path.suffix.lower() != ENDING or not path.is_file():
        raise refuse(f"commentary is a text file, and this is none: it does not end in {ENDING}.", path, instead=_SAVE)
    if path.stem not in by_stem:
        raise refuse(f"the scorecard has no indicator '{path.stem}'.", path, instead=nearest(path.stem, by_stem))
    return by_stem[path.stem]


def _text(path: Path) -> str:
    """Return a file as text: UTF-8, with or without its mark, UTF-16 with it, or Windows-1252."""
    data = path.read_bytes()
    marked = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    for codec in ("utf-16",) if marked else ("utf-8-sig", "cp1252"):
        try:
            text = data.decode(codec)
        except UnicodeDecodeError:
            continue
        if not _NOT_TEXT.search(text):
            return text
        break
    raise refuse("this file is not plain text.", path, instead=_SAVE)


def _parsed(text: str, path: Path) -> Commentary:
    """Read what a manager wrote: lines that say ``author`` and ``figure``, if any, then paragraphs."""
    lines = text.splitlines()
    said: dict[str, str] = {}
    for number, line in enumerate(lines, 1):
        heading, colon, value = line.partition(":")
        name = heading.strip().lower()
        if not colon or name not in _HEADINGS:
            if colon and (hint := _near(name, _HEADINGS)):
                hint = f"{hint} Text that begins so stands below an empty line."
                raise refuse(f"there is no heading '{heading.strip()}'.", path, number, hint)
            break
        if name in said:
            raise refuse(f"'{name}' is given twice.", path, number, "Keep one.")
        if name == "figure" and not _FIGURE.fullmatch(value.strip()):
            hint = "Write it as the page prints it, such as 81.0."
            raise refuse(f"'figure' is '{value.strip()}', which is no number.", path, number, hint)
        said[name] = value.strip()
    blocks = re.split(r"\n\s*\n", "\n".join(lines[len(said) :]))
    paragraphs = tuple(block.strip() for block in blocks if block.strip())
    if not paragraphs:
        raise refuse("this commentary holds no text.", path, instead="Write it, or remove the file.")
    figure = _FIGURE.fullmatch(said.get("figure", ""))
    return Commentary(paragraphs, said.get("author", ""), float(figure[1].replace(",", "")) if figure else None)


def _near(name: str, known: Collection[str]) -> str | None:
    hint = nearest(name, known)
    return hint if hint is not None and hint.startswith("Did you mean") else None
