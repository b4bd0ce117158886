"""How a reader of a list finds the record: the screen of the case system that holds it, and a link where there is one.

Links come from the project's own file, checked when it was read; what a record puts into one is quoted, so that it
stays one part of the address.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from dq.model import CaseSystem

PERSON = "person"
_PLAIN = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_NO_KEY = re.compile(r"row \d+|no \w+")
"""How a record without a key is known: by its row in the file. No page of the case system is known so."""


@dataclass(frozen=True)
class Guide:
    """The case system of an authority, and its links: of a person and of the records of extracts."""

    system: CaseSystem | None = None
    links: Mapping[str, str] = field(default_factory=dict)

    def screen(self, extract: str) -> str:
        """Return where the records of an extract are kept, as 'In Mosaic: the child's placements'; or nothing."""
        if self.system is None or extract not in self.system.screens:
            return ""
        return f"In {self.system.title}: {self.system.screens[extract]}"

    def to_child(self, child: str | None) -> str:
        """Return the address of a child's page; nothing where there is none."""
        return self._filled(PERSON, person_id=child)

    def to_record(self, extract: str, key: str, child: str | None) -> str:
        """Return the address of a record's page; nothing where there is none."""
        return "" if _NO_KEY.fullmatch(key) else self._filled(extract, record_key=key, person_id=child)

    def _filled(self, name: str, **values: str | None) -> str:
        template = self.links.get(name, "")
        known = {key: quoted(value) for key, value in values.items() if value}
        return template.format(**known) if template and _asked(template) <= known.keys() else ""


@lru_cache
def _asked(template: str) -> frozenset[str]:
    """Return what a link asks for."""
    return frozenset(re.findall(r"{(\w+)}", template))


@lru_cache(maxsize=10_000)
def quoted(text: str) -> str:
    """Return text as one part of a web address: all but plain letters, digits and -._~ as %XX of its UTF-8."""
    return "".join(chr(byte) if byte in _PLAIN else f"%{byte:02X}" for byte in text.encode("utf-8", "replace"))
