"""Where the policy folders are: in a checkout beside the package, in an installed wheel inside it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

POLICY_FOLDERS = ("rules", "checks", "reports", "data")
_PACKAGE = Path(__file__).resolve().parent.parent


def policy_root() -> Path:
    """Return the folder that holds ``rules/``, ``checks/``, ``reports/`` and ``data/``."""
    shipped = _PACKAGE / "_policy"
    return shipped if shipped.is_dir() else _PACKAGE.parent


def policy_files(roots: Sequence[Path], folder: str, pattern: str) -> Iterator[tuple[Path, Path]]:
    """Yield (path relative to ``folder``, path) of the files under ``folder`` of every root, in order of name.

    A file of a later root stands in for one of the same relative path in an earlier root: that is how an
    authority overrides what ships.
    """
    found: dict[Path, Path] = {}
    for root in roots:
        base = root / folder
        if base.is_dir():
            found.update({path.relative_to(base): path for path in base.rglob(pattern) if path.is_file()})
    yield from sorted(found.items())
