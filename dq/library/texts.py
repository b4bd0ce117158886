"""SQL once written of a policy, kept beside it: to write it takes longer than to run it over a few records."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from pathlib import Path

from dq.kept import forget, keep
from dq.library.remembered import KEPT, recall


class Texts:
    """Texts by name, those of earlier commands too. A name must say all that its text depends on, but the policy."""

    def __init__(self, policy: Path | None = None) -> None:
        """Recall what was kept for the policy remembered at a path; with None nothing is kept."""
        self._path = None if policy is None else policy.with_name(policy.name.replace("policy-", "texts-"))
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
        keep(self._path, lambda file: file.write_bytes(pickle.dumps(held, protocol=pickle.HIGHEST_PROTOCOL)))
        forget(self._path.parent, "texts-*", KEPT)
        self._new = False

    def _kept(self) -> dict[str, str]:
        found = None if self._path is None else recall(self._path)
        return found if isinstance(found, dict) else {}
