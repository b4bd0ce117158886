"""A folder of outputs that is written whole or not at all."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from dq.problems import refuse

RECORD = "run.json"
PROOF = "proof.json"
MARK = (RECORD, '"run_id"')
"""A file that earlier outputs hold, and words in it: by these a folder is known to be ours to replace."""

PROOF_MARK = (PROOF, '"figures"')
"""The same of the outputs of a proof."""


@contextmanager
def whole_folder(out: Path, mark: tuple[str, str] = MARK) -> Iterator[Path]:
    """Yield an empty folder to write in; at the end it takes the place of ``out``, and nothing is left if it fails.

    An ``out`` that holds something other than earlier outputs (it does not bear the ``mark``) is refused, so that
    nobody's files are lost.
    """
    if out.exists() and not out.is_dir():
        raise refuse(f"{out} is a file.", instead="Name a folder with --out.")
    if out.is_dir() and any(out.iterdir()) and not _bears(out, mark):
        raise refuse(f"{out} holds files that no run wrote.", instead="Name another folder with --out, or empty it.")
    made = [parent for parent in (out.parent, *out.parent.parents) if not parent.exists()]
    out.parent.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(prefix=f".{out.name}-", dir=out.parent))
    try:
        fresh.chmod(0o755)
        yield fresh
        _put_in_place(fresh, out)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
        for parent in made:
            with suppress(OSError):
                parent.rmdir()  # only where nothing was put in it


def digests_of(folder: Path) -> dict[str, str]:
    """Return, for each file and each folder in a folder, the SHA-256 of what is in it, names and all."""
    found = {}
    for top in sorted(folder.iterdir()) if folder.is_dir() else ():
        whole = hashlib.sha256()
        for path in [top] if top.is_file() else sorted(path for path in top.rglob("*") if path.is_file()):
            own = hashlib.sha256(path.read_bytes()).hexdigest()
            whole.update(f"{path.relative_to(folder).as_posix()} {own}\n".encode())
        found[top.name] = whole.hexdigest()
    return found


def _bears(folder: Path, mark: tuple[str, str]) -> bool:
    file, words = mark
    return (folder / file).is_file() and words in (folder / file).read_text(encoding="utf-8", errors="replace")


def _put_in_place(fresh: Path, out: Path) -> None:
    if not out.exists():
        fresh.rename(out)
        return
    old = Path(tempfile.mkdtemp(prefix=f".{out.name}-old-", dir=out.parent))
    old.rmdir()
    try:
        out.rename(old)
    except OSError as error:
        open_file = f" ({os.path.basename(error.filename)})" if error.filename else ""  # noqa: PTH119
        raise refuse(f"{out} cannot be replaced{open_file}.", instead="Close any file of it that is open.") from None
    fresh.rename(out)
    shutil.rmtree(old, ignore_errors=True)
