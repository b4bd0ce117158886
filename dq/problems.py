"""What can be wrong with a command or its files, and how it is said.

A :class:`Problem` is something its reader can put right. It says where it is, what was found and what would
be accepted, and never holds a value from a record.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

EXIT_OK = 0
EXIT_STOP = 1
EXIT_WRONG = 2
EXIT_FAULT = 3


@dataclass(frozen=True)
class Problem:
    """One thing to put right: what, where, and what would be accepted."""

    what: str
    path: Path | None = None
    line: int | None = None
    instead: str | None = None

    def __str__(self) -> str:
        place = "" if self.path is None else f"{self.path}{'' if self.line is None else f':{self.line}'}: "
        return f"{place}{self.what}{'' if self.instead is None else f' {self.instead}'}"


class ProblemsError(Exception):
    """One or more problems in the files or options a user gave. Ends the command with exit code 2."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


def refuse(what: str, path: Path | None = None, line: int | None = None, instead: str | None = None) -> ProblemsError:
    """Return the error for a single problem, ready to raise."""
    return ProblemsError([Problem(what, path, line, instead)])


def nearest(name: str, known: Iterable[str]) -> str | None:
    """Return a hint that names the known word nearest to ``name``, or all of them where they are few."""
    words = sorted(set(known))
    near = difflib.get_close_matches(name, words, n=1, cutoff=0.6)
    if near:
        return f"Did you mean '{near[0]}'?"
    if not words:
        return None
    shown = ", ".join(words[:12])
    return f"Known: {shown}{', …' if len(words) > 12 else ''}."
