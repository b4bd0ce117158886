"""SQL once written of a policy, kept beside it: to write it takes longer than to run it over a few records."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from dq.library.remembered import recall, remember


class Texts:
    """Texts by name, those of earlier commands too. A name must say all that its text depends on, but the policy."""

    def __init__(self, place: Path | None = None) -> None:
        """Recall what was kept at a place; with None nothing is kept."""
        self._path = place
        self._held: dict[str, str] = self._kept()
        self._new = False

    def of(self, name: str, write: Callable[[], str]) -> str:
        """Return the text of a name, by writing it or as it was written before."""
        if name not in self._held:
            self._held[name] = write()
            self._new = True
        return self._held[name]

    def keep(self) -> None:
        """Keep what is new for the next command, with what another has kept in the meantime."""
        if self._path is None or not self._new:
            return
        held = {**self._kept(), **self._held}
        remember(self._path, held)
        self._new = False

    def _kept(self) -> dict[str, str]:
        found = None if self._path is None else recall(self._path)
        return found if isinstance(found, dict) else {}
