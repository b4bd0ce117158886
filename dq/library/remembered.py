"""A policy that has once been read, checked and bound is remembered: the next command need not do it again.

It is found by a hash of every file it came of, of what the authority set, and of this program. So nothing old is ever
taken for new: whatever has changed is read anew, and what is not used for long is forgotten. ``DQ_CACHE`` names
another folder than the user's own for such things; ``DQ_CACHE=off`` does without.
"""

from __future__ import annotations

import hashlib
import os
import pickle
import stat
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from importlib import metadata
from pathlib import Path
from typing import TypeVar, cast

import platformdirs

from dq.library.folders import POLICY_FOLDERS

T = TypeVar("T")
KEPT = 8
"""As many are remembered: projects come and go, and each is some megabytes."""
_PROGRAM = Path(__file__).resolve().parent.parent
_READ = (".yaml", ".sql")


def remembered(roots: Sequence[Path], said: object, read: Callable[[], T]) -> T:
    """Return what ``read`` makes of the policy in ``roots``, by reading it or as remembered.

    ``said`` is all else that it depends on. Raises what ``read`` raises; a fault is never remembered, and where
    nothing can be remembered everything is read.
    """
    folder = _folder()
    if folder is None:
        return read()
    path = folder / f"policy-{_key(roots, said)}"
    try:
        return cast("T", _recall(path))
    except Exception:  # noqa: BLE001 - not there, or whatever is wrong with it: the policy itself can be read
        found = read()
        _remember(path, found)
        return found


def _folder() -> Path | None:
    """Return where policies are remembered, if that is this user's alone: what is read there is trusted."""
    chosen = os.environ.get("DQ_CACHE") or platformdirs.user_cache_dir("plumbline", appauthor=False)
    if chosen == "off":
        return None
    folder = Path(chosen)
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        held = folder.stat()
    except OSError:
        return None
    # On Windows the folder lies in the user's profile, which no one else may write.
    others = os.name == "posix" and (held.st_uid != os.getuid() or bool(held.st_mode & (stat.S_IWGRP | stat.S_IWOTH)))
    return None if others else folder


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


def _recall(path: Path) -> object:
    with path.open("rb") as file:
        found: object = pickle.load(file)  # noqa: S301 - the folder is the user's alone, as the program itself is
    os.utime(path)
    return found


def _remember(path: Path, found: object) -> None:
    """Write it whole, or leave it; and forget what has not been used for longest."""
    try:
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix="new-", delete=False) as file:
            pickle.dump(found, file, protocol=pickle.HIGHEST_PROTOCOL)
        Path(file.name).replace(path)
        by_use = sorted(path.parent.glob("policy-*"), key=lambda old: old.stat().st_mtime, reverse=True)
        for old in by_use[KEPT:]:
            old.unlink()
    except OSError:
        return
