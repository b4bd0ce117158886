"""Follows the links of a folder of pages, as whoever opens it from a disk would."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from urllib.parse import unquote

_LINK = re.compile(r'(?:href|src)="([^"#]*)(?:#([^"]*))?"')
_PLACE = re.compile(r'\bid="([^"]*)"')


def links(folder: Path) -> tuple[int, list[str]]:
    """Return how many links the pages of a folder have, and those that lead to no file or no place in it."""
    followed, broken = 0, []
    for page in sorted(folder.rglob("*.html")):
        for target, place in _LINK.findall(page.read_text(encoding="utf-8")):
            followed += 1
            file = (page.parent / unquote(target)).resolve() if target else page.resolve()
            if not file.is_file() or (place and unquote(place) not in _places(file)):
                broken.append(f"{page.relative_to(folder).as_posix()} → {target}{'#' if place else ''}{place}")
    return followed, broken


@cache
def _places(page: Path) -> frozenset[str]:
    return frozenset(_PLACE.findall(page.read_text(encoding="utf-8")))
