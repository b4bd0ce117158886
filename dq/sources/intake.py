"""What reading needs beside the files: a folder for copies, tables on the way in, and hashes worked out meanwhile."""

from __future__ import annotations

import hashlib
import itertools
import threading
from pathlib import Path
from typing import TYPE_CHECKING

from dq.workspace import Workspace, name, quoted

if TYPE_CHECKING:
    import pyarrow as pa

LONGEST_LINE = 2_000_000
"""Bytes in a record of a CSV file; a longer one is a quote that is not closed."""


class Digest:
    """The SHA-256 of a file, worked out while the file is read; call it for the answer."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._found: str | OSError = OSError()
        self._thread = threading.Thread(target=self._work, daemon=True)
        self._thread.start()

    def _work(self) -> None:
        try:
            with self._path.open("rb") as file:
                self._found = hashlib.file_digest(file, "sha256").hexdigest()
        except OSError as error:
            self._found = error

    def __call__(self) -> str:
        """Return it, in hexadecimal. Raises OSError where the file cannot be read."""
        self._thread.join()
        if isinstance(self._found, OSError):
            raise self._found
        return self._found


class Intake:
    """A workspace, and what is made only for reading into it: files in ``folder``, and relations."""

    def __init__(self, workspace: Workspace, folder: Path) -> None:
        self.workspace = workspace
        self._folder = folder
        self._numbers = itertools.count(1)
        self._tables: list[str] = []
        self._registered: list[str] = []

    def file(self) -> Path:
        """Return the path of a new file, which is removed with the rest."""
        return self._folder / f"{next(self._numbers)}.csv"

    def name(self) -> str:
        """Return a name, as SQL, for a table that is removed with the rest."""
        made = name(f"incoming {next(self._numbers)}")
        self._tables.append(made)
        return made

    def table(self, columns: int) -> str:
        """Make an empty table of so many columns of text, and return its name as SQL."""
        made = self.name()
        declared = ", ".join(f"{name(f'column {i}')} VARCHAR" for i in range(columns))
        self.workspace.execute(f"CREATE TEMP TABLE {made} ({declared})")
        return made

    def append(self, table: str, rows: pa.Table) -> None:
        """Add rows to a table made here."""
        self.workspace.connection.register("appended", rows)
        self.workspace.execute(f"INSERT INTO {table} SELECT * FROM appended")
        self.workspace.connection.unregister("appended")

    def register(self, cells: pa.Table) -> str:
        """Make an Arrow table a relation, and return its name as SQL."""
        made = f"incoming {next(self._numbers)}"
        self.workspace.connection.register(made, cells)
        self._registered.append(made)
        return name(made)

    def clear(self) -> None:
        """Remove everything made for reading."""
        for registered in self._registered:
            self.workspace.connection.unregister(registered)
        for table in self._tables:
            self.workspace.execute(f"DROP TABLE IF EXISTS {table}")
        self._registered, self._tables = [], []
        for path in self._folder.iterdir():
            path.unlink()


def csv_relation(path: Path, columns: int, delimiter: str = ",", skip: int = 0) -> str:
    """Return the SQL that reads a UTF-8 CSV file as text; ``skip`` lines stand above its headings."""
    declared = ", ".join(f"{quoted(f'column {i}')}: 'VARCHAR'" for i in range(columns))
    return (
        f"read_csv({quoted(path)}, auto_detect = false, header = true, delim = {quoted(delimiter)}, "
        f"quote = '\"', escape = '\"', columns = {{{declared}}}, strict_mode = true, skip = {skip}, "
        f"max_line_size = {LONGEST_LINE})"
    )
