"""A policy that has once been read, checked and bound is remembered: the next command need not do it again.

It is found by a hash of every file it came of, of what the authority set, and of this program. So nothing old is ever
taken for new: whatever has changed is read anew, and what is not used for long is forgotten.
"""

from __future__ import annotations

import hashlib
import os
import pickle
import sys
from collections.abc import Callable, Iterator, Sequence
from importlib import metadata
from pathlib import Path
from typing import TypeVar, cast

from dq.kept import forget, keep, kept_folder
from dq.library.folders import POLICY_FOLDERS

T = TypeVar("T")
KEPT = 12
"""As many are remembered: projects come and go, and each is some megabytes."""
_PROGRAM = Path(__file__).resolve().parent.parent
_READ = (".yaml", ".sql")


def place_of(roots: Sequence[Path], said: object) -> Path | None:
    """Return where what comes of the policy in ``roots`` is remembered; None where nothing is.

    ``said`` is all else that it depends on.
    """
    folder = kept_folder()
    return None if folder is None else folder / f"policy-{_key(roots, said)}"


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
    keep(path, lambda file: file.write_bytes(pickle.dumps(found, protocol=pickle.HIGHEST_PROTOCOL)))
    forget(path.parent, "policy-*", KEPT)
    return found


def _key(roots: Sequence[Path], said: object) -> str:
    versions = [sys.version, *(metadata.version(library) for library in ("sqlglot", "pydantic"))]
    hashed = hashlib.sha256(repr((versions, [str(root.resolve()) for root in roots], said)).encode())
    for path in sorted(_PROGRAM.rglob("*.py")):
        at = path.stat()
        hashed.update(f"\n{path} {at.st_size} {at.st_mtime_ns}".encode())
    for path in _policy(roots):
        hashed.update(f"\n{path} ".encode() + hashlib.sha256(path.read_bytes()).digest())
    return hashed.hexdigest()


def _policy(roots: Sequence[Path]) -> Iterator[Path]:
    """Yield every file that may say something, in each root."""
    for root in roots:
        for name in POLICY_FOLDERS:
            for at, folders, files in os.walk(root / name):
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
