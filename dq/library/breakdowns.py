"""The parts of a breakdown, as conditions that together hold for every row, each row in one of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from dq.model import Bands, Breakdown, CodeList

UNKNOWN = "unknown"
"""The part of the rows whose value is not recorded, or is none that the breakdown knows."""
OTHER = "other"
"""The part of the rows that are in no group."""


@dataclass(frozen=True)
class Part:
    """One part of a breakdown: the name it is kept under, what it is called, and which rows are in it."""

    name: str
    title: str
    condition: str


def parts(breakdown: Breakdown, lists: Mapping[str, CodeList], bands: Mapping[str, Bands]) -> Iterator[Part]:
    """Yield the parts of a breakdown in order; raises KeyError where its list or bands are not there."""
    of = f"({breakdown.of})"
    if breakdown.bands is not None:
        yield from _banded(of, bands[breakdown.bands])
        yield Part(UNKNOWN, "Not recorded", f"{of} is null")
    elif breakdown.codes is not None:
        codes = lists[breakdown.codes].codes
        yield from (Part(code, said.label, f"{of} = {_text(code)}") for code, said in codes.items())
        yield Part(UNKNOWN, "Not recorded", f"{of} is null or {of} not in ({', '.join(map(_text, codes))})")
    else:
        for name, group in breakdown.groups.items():
            yield Part(name, name.replace("_", " ").capitalize(), f"{of} in ({', '.join(map(_text, group))})")
        known = [code for group in breakdown.groups.values() for code in group]
        yield Part(OTHER, "Other", f"{of} not in ({', '.join(map(_text, known))})")
        yield Part(UNKNOWN, "Not recorded", f"{of} is null")


def _banded(of: str, bands: Bands) -> Iterator[Part]:
    begins: float | None = None
    for number, step in enumerate(bands.bands, 1):
        edges = [f"{of} >= {begins}"] * (begins is not None) + [f"{of} < {step.below}"] * (step.below is not None)
        yield Part(str(number), step.title, " and ".join(edges))
        begins = step.below


def _text(code: str) -> str:
    return "'" + code.replace("'", "''") + "'"
