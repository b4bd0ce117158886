"""Whether there is a ledger, which most often a look at a file tells, before anything is loaded that could open it."""

from __future__ import annotations

from pathlib import Path

_IN_A_FILE = "sqlite:///"


def is_there(address: str, folder: Path, asked_in: Path | None) -> bool:
    """Whether there is a ledger at an address; a database server is taken to hold one.

    A relative file is of ``folder``. Raises ProblemsError for an address that is none.
    """
    file = address.removeprefix(_IN_A_FILE)
    if address.startswith(_IN_A_FILE) and file not in {"", ":memory:"} and not set(file) & set("?%"):
        return (folder / file).is_file()
    from dq.ledger.store import url_of

    url = url_of(address, folder, asked_in)
    return url.drivername != "sqlite" or Path(url.database or "").is_file()
