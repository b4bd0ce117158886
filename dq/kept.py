"""What is worked out once and kept for the next command, in a folder of this user's alone.

Nothing of a record is ever kept there: only what comes of the program and its policy. Whatever is kept can be worked
out again, so a fault in keeping is never told. ``DQ_CACHE`` names another folder; ``DQ_CACHE=off`` keeps nothing.
"""

from __future__ import annotations

import os
import stat
import tempfile
from collections.abc import Callable
from pathlib import Path

import platformdirs


def kept_folder() -> Path | None:
    """Return the folder, made if need be; None where nothing is to be kept, or others may write there."""
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


def keep(path: Path, write: Callable[[Path], object]) -> None:
    """Let ``write`` fill a file beside ``path`` and put it there, whole, or leave it."""
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix="new-")
        os.close(handle)
        write(Path(name))
        Path(name).replace(path)
    except OSError:
        return


def forget(folder: Path, pattern: str, most: int) -> None:
    """Remove of the files that fit a pattern those that have not been used for longest, so that ``most`` are left."""
    try:
        by_use = sorted(folder.glob(pattern), key=lambda file: file.stat().st_mtime, reverse=True)
        for file in by_use[most:]:
            file.unlink()
    except OSError:
        return
