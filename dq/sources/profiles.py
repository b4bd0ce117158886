"""What the values under a heading look like: enough to tell a date from a code, and never the values themselves."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, replace

from dq.model import CodeList, Column, ColumnType, Contract

_DATE = re.compile(r"\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}|\d{4}-\d{1,2}-\d{1,2}|\d{1,2}[ -][A-Za-z]{3,9}[ -]\d{2,4}")
_MOMENT = re.compile(rf"(?:{_DATE.pattern})(?:[ T]\d{{1,2}}:\d{{2}}(?::\d{{2}}(?:\.\d+)?)?)?")
_NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?")
MOST = 0.9
FEW = 0.2
_ANSWERS = 3
"""Three answers or fewer (yes, no, not known) may belong to any question."""


@dataclass(frozen=True)
class Profile:
    """What is known of one column's sampled values.

    ``filled`` is how many there are; ``dates`` and ``numbers`` the shares that look like one; ``distinct`` the share
    that is not said twice; ``values`` the values in small letters, for comparing and nothing else.
    """

    filled: int
    dates: float
    numbers: float
    distinct: float
    values: frozenset[str]


@dataclass(frozen=True)
class Evidence:
    """What values say of a column: ``weight`` from -1 (they are something else) to 1, and why, in words.

    It is ``telling`` where the values alone, whatever the heading, point to the column.
    """

    weight: float
    words: str
    telling: bool = False


NONE = Evidence(0, "")


def profile(values: Sequence[str | None]) -> Profile:
    """Return the profile of a sample of values, blanks among them."""
    filled = [value.strip() for value in values if value is not None and value.strip() not in {"", "NULL"}]
    count = max(len(filled), 1)
    return Profile(
        len(filled),
        sum(_MOMENT.fullmatch(value) is not None for value in filled) / count,
        sum(_NUMBER.fullmatch(value) is not None for value in filled) / count,
        len(set(filled)) / count,
        frozenset(value.lower() for value in filled),
    )


def evidence(
    contract: Contract,
    name: str,
    seen: Profile,
    code_lists: Mapping[str, CodeList],
    keys: Mapping[str, Set[str]],
) -> Evidence:
    """Return what values say of being column ``name``; ``keys`` is extract → its keys, for those already found."""
    column = contract.columns[name]
    if seen.filled == 0:
        return NONE
    if name == contract.key:
        if seen.distinct < 1:
            return Evidence(-1, "values are repeated")
        if seen.dates >= MOST:
            return Evidence(-1, "values look like dates")
        return Evidence(0.5, "no value twice", telling=len(seen.values) > _ANSWERS)
    if column.references is not None:
        return _referring(column.references, seen, keys)
    return _typed(column, seen, code_lists)


def _referring(references: str, seen: Profile, keys: Mapping[str, Set[str]]) -> Evidence:
    extract = references.partition(".")[0]
    if extract not in keys:
        return Evidence(-1, "values look like dates") if seen.dates >= MOST else NONE
    found = share(seen.values, keys[extract])
    if found >= MOST:
        return Evidence(1, f"keys found in {extract}", telling=len(seen.values) > _ANSWERS)
    return Evidence(-1, f"values are not keys of {extract}") if found <= FEW else NONE


def _typed(column: Column, seen: Profile, code_lists: Mapping[str, CodeList]) -> Evidence:
    if column.type in {ColumnType.DATE, ColumnType.DATETIME}:
        return _judged(seen.dates, "values look like dates", "values do not look like dates")
    if column.type in {ColumnType.INTEGER, ColumnType.NUMBER}:
        return _judged(seen.numbers, "values look like numbers", "values do not look like numbers")
    if column.codes is not None:
        coded, labelled = code_shares(seen, code_lists[column.codes])
        if labelled > coded:
            return _judged(labelled, f"values are labels of the list {column.codes}", "")
        good, bad = (f"values are{part} codes of the list {column.codes}" for part in ("", " not"))
        return replace(_judged(coded, good, bad), telling=len(seen.values) > _ANSWERS)
    return Evidence(-1, "values look like dates") if seen.dates >= MOST else NONE


def _judged(found: float, good: str, bad: str) -> Evidence:
    if found >= MOST:
        return Evidence(1, good)
    return Evidence(-1, bad) if found <= FEW and bad else NONE


def code_shares(seen: Profile, codes: CodeList) -> tuple[float, float]:
    """Return the share of the different values that are codes of a list, and the share that are its labels."""
    return (
        share(seen.values, {code.lower() for code in codes.codes}),
        share(seen.values, {code.label.lower() for code in codes.codes.values()}),
    )


def share(values: Iterable[str], known: Set[str]) -> float:
    """Return the share of values that are known; 0 of none."""
    counted = [value in known for value in values]
    return sum(counted) / len(counted) if counted else 0.0
