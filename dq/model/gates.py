"""The gate: what it checks, what people may say to it, and what it is told of a run besides exceptions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from dq.model.declared import Declared

Said = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
"""A text that says something."""


class GateCheck(Declared):
    """One expectation over the facts of a run, and what its failure means.

    ``if_none`` is what it means that there is nothing to look at: ``caveats``, for nothing is known; or ``passes``, for
    nothing can be wrong. ``prints`` is how a failure is said in the one sentence that is printed with the figures,
    where that is other than what it ``says``.
    """

    name: str
    facts: Literal["extracts", "fields", "rules", "teams", "figures", "totals", "run"]
    expectation: str
    with_: dict[str, Any] = Field(default={}, alias="with")
    when: str | None = None
    if_not: Literal["stop", "caveats"]
    if_none: Literal["caveats", "passes"] = "caveats"
    says: str
    prints: str | None = None
    weight: int = 50


class Gate(Declared):
    """When a run may be published."""

    title: str
    checks: list[GateCheck]
    id: str = ""
    path: Path | None = None


class Leave(Declared):
    """Leave for rules to be skipped, whose ids or topics fit a pattern, for months that end by the day ``until``."""

    rules: Said
    by: Said
    because: Said
    until: dt.date


class Confirmed(Declared):
    """Somebody's word that a figure did move so far in a month; ``indicator`` may be one of a split, ``id:split``."""

    indicator: Said
    period: str = Field(pattern=r"^\d{4}-(0[1-9]|1[0-2])$")
    by: Said
    because: Said


@dataclass(frozen=True)
class Override:
    """Somebody's word that figures are published although the gate says stop."""

    by: str
    because: str


@dataclass(frozen=True)
class Word:
    """What somebody said of a run: leave for rules to be skipped, or that a figure did move; and what came of it."""

    kind: Literal["leave", "confirmed"]
    about: str
    by: str
    because: str
    state: str


class Counted(Declared):
    """Rows of an extract or a view that are counted: those where a condition holds."""

    of: str
    on: str
    where: str = "true"


class Total(Declared):
    """Two counts that must be the same by definition, as each is reached from other records.

    ``count`` is one, and ``is`` the other, or several that make it up together.
    """

    title: str
    why: str
    count: Counted
    is_: list[Counted] = Field(alias="is", min_length=1)
    id: str = ""
    path: Path | None = None


@dataclass(frozen=True)
class Reconciled:
    """What the two sides of a total came to; None where one cannot be counted, for a reason."""

    total: Total
    counted: int | None
    others: int | None
    reason: str = ""


@dataclass(frozen=True)
class TeamRecords:
    """How many records a team answers for, and how many errors and queries are its own."""

    team_id: str
    records: int
    errors: int
    queries: int


@dataclass(frozen=True)
class LastMonth:
    """Last month's run, as far as it is there to compare with.

    ``rows`` is extract → records; ``filled`` extract → column → records with a value; ``figures`` (indicator, split) →
    what was published of the authority. All are empty on a first run.
    """

    rows: Mapping[str, int] = field(default_factory=dict)
    filled: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    figures: Mapping[tuple[str, str], float] = field(default_factory=dict)
