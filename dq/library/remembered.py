"""A policy that has once been read, checked and bound is remembered: the next command need not do it again.

It is found by every file it came of, by what the authority set, and by this program. An authority's own files are told
by a hash; what ships, like the program itself, by the size of its files and when they were written. So nothing old is
ever taken for new: whatever has changed is read anew, and what is not used for long is forgotten. Where one rule of
many has changed that one alone is read: what rules stand on is remembered apart from them, and each by its file.
"""

from __future__ import annotations

import hashlib
import os
import pickle
import sys
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Generic, TypeVar, cast

from dq.kept import forget, keep, kept_folder
from dq.library.folders import POLICY_FOLDERS, policy_root

T = TypeVar("T")
KEPT = 12
"""As many are remembered: projects come and go, and each is some megabytes."""
_PROGRAM = Path(__file__).resolve().parent.parent
_READ = (".yaml", ".sql")


Digests = Mapping[tuple[Path, str], Mapping[Path, str]]
"""(root, folder of policy) → file → what tells the file from what it was: a hash, or its size and time of writing."""


def digests_of(roots: Sequence[Path]) -> Digests:
    """Return what tells every file of each root that may say something from what it was."""
    shipped = policy_root()
    return {
        (root, name): {
            path: _written(path) if root == shipped else hashlib.sha256(path.read_bytes()).hexdigest()
            for path in _said_in(root / name)
        }
        for root in roots
        for name in POLICY_FOLDERS
    }


def place_of(
    digests: Digests, said: object, kind: str = "policy", folders: Collection[str] = POLICY_FOLDERS
) -> Path | None:
    """Return where what comes of the files in some folders is remembered; None where nothing is.

    ``said`` is all else that it depends on; a ``kind`` of thing has a name of its own.
    """
    folder = kept_folder()
    return None if folder is None else folder / f"{kind}-{_key(digests, said, folders)}"


def mark_of(digests: Digests) -> str:
    """Return one hash of all files, wherever their roots are."""
    said = [
        f"{place} {path.relative_to(root).as_posix()} {digest}"
        for place, ((root, _), files) in enumerate(digests.items())
        for path, digest in files.items()
    ]
    return hashlib.sha256("\n".join(said).encode()).hexdigest()[:16]


def remembered(path: Path | None, read: Callable[[], T]) -> T:
    """Return what ``read`` gives, by reading it or as remembered at ``path``.

    Raises what ``read`` raises; a fault is never remembered, and where nothing can be remembered everything is read.
    """
    if path is None:
        return read()
    recalled = recall(path)
    if recalled is not None:
        return cast("T", recalled)
    found = read()
    remember(path, found)
    return found


def remember(path: Path, found: object) -> None:
    """Keep something for the next command, and forget of its kind what has not been used for long."""
    keep(path, lambda file: file.write_bytes(pickle.dumps(found, protocol=pickle.HIGHEST_PROTOCOL)))
    forget(path.parent, f"{path.name.partition('-')[0]}-*", KEPT)


class ReadBefore(Generic[T]):
    """What has come of files, each remembered by what the file holds; and all of it by what it stands on."""

    def __init__(self, place: Path | None, digests: Digests) -> None:
        """Recall what was remembered at a place; with None everything is read."""
        self._place = place
        self._digests = {path: digest for files in digests.values() for path, digest in files.items()}
        found = None if place is None else recall(place)
        self._held = cast("dict[tuple[Path, str], T]", found) if isinstance(found, dict) else {}
        self._asked: dict[tuple[Path, str], T] = {}

    def of(self, path: Path, read: Callable[[], T]) -> T:
        """Return what comes of a file, by reading it or as remembered. Raises what ``read`` raises."""
        digest = self._digests.get(path)
        if digest is None:  # it came after the others were looked at
            return read()
        asked = (path, digest)
        found = self._held[asked] if asked in self._held else read()
        self._asked[asked] = found
        return found

    def keep(self) -> None:
        """Remember what was asked for, unless it was all remembered already."""
        if self._place is not None and self._asked.keys() - self._held.keys():
            remember(self._place, self._asked)


def _key(digests: Digests, said: object, folders: Collection[str]) -> str:
    versions = [sys.version, *(metadata.version(library) for library in ("sqlglot", "pydantic"))]
    hashed = hashlib.sha256(repr((versions, said)).encode())
    hashed.update(_program().encode())
    for (root, name), files in digests.items():
        if files and name in folders:
            hashed.update(f"\n{root.resolve()}".encode())
            hashed.update("".join(f"\n{path} {digest}" for path, digest in files.items()).encode())
    return hashed.hexdigest()


@cache
def _program() -> str:
    return "".join(f"\n{path} {_written(path)}" for path in sorted(_PROGRAM.rglob("*.py")))


def _written(path: Path) -> str:
    at = path.stat()
    return f"{at.st_size} {at.st_mtime_ns}"


def _said_in(folder: Path) -> Iterator[Path]:
    """Yield every file of a folder that may say something."""
    for at, folders, files in os.walk(folder):
        folders.sort()
        yield from (Path(at, file) for file in sorted(files) if file.endswith(_READ))


def recall(path: Path) -> object | None:
    """Return what the file holds; None where it is not there, or whatever is wrong with it."""
    try:
        with path.open("rb") as file:
            found: object = pickle.load(file)  # noqa: S301 - the folder is the user's alone, as the program itself is
        os.utime(path)
    except Exception:  # noqa: BLE001 - the policy itself can be read
        return None
    return found
