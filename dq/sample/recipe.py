"""What a sample authority is made from: a recipe in YAML, checked when read, and its counts at a scale."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pydantic import Field, NonNegativeInt, model_validator

from dq.library import policy_root
from dq.library.yaml_file import as_model, read_yaml
from dq.model import Declared
from dq.problems import refuse
from dq.sample.chance import round_in_turn

Work = Literal["district", "care", "disability", "arrivals", "adoption", "leavers", "fostering", "other"]


class Unit(Declared):
    """A team with its open cases, or an area or service with the units in it."""

    name: str
    work: Work | None = None
    homes: tuple[str, ...] = ()
    cases: NonNegativeInt = 0
    plans: NonNegativeInt = 0
    in_care: NonNegativeInt = 0
    uasc: NonNegativeInt = 0
    both: NonNegativeInt = 0
    in_need: NonNegativeInt = 0
    units: tuple[Unit, ...] = ()

    @model_validator(mode="after")
    def _fits(self) -> Unit:
        if bool(self.units) == (self.work is not None):
            raise ValueError(f"{self.name}: a unit says either 'units' or 'work'")
        if self.uasc > self.in_care or self.both > min(self.plans, self.in_care):
            raise ValueError(f"{self.name}: 'uasc' and 'both' are parts of 'in_care'")
        if self.cases < self.plans - self.both + self.in_care + self.in_need and not self.units:
            raise ValueError(f"{self.name}: 'cases' must hold plans, children in care and children in need")
        return self


class Printed(Declared):
    """A printed figure: how many meet the measure, of how many."""

    number: str
    met: NonNegativeInt
    of: NonNegativeInt


class Figures(Declared):
    """The printed figures the records must give."""

    seen_in_28_days: Printed
    interviewed_in_3_days: Printed
    plan_visits_in_time: Printed
    three_placements: Printed
    same_placement: Printed
    own_or_kinship_carers: Printed
    near_home: Printed


class Stability(Declared):
    """Moves of the children in care of one area (or of all units in no area that has its own line)."""

    area: str | None = None
    uasc: bool
    moved: NonNegativeInt
    long_in_care: NonNegativeInt
    settled: NonNegativeInt


class Returns(Declared):
    """Children found or returned in a month, and those interviewed within three working days."""

    month: dt.date
    found: NonNegativeInt
    in_time: NonNegativeInt


class Earlier(Declared):
    """Percentages printed for an earlier period end, which the records come near."""

    at: dt.date
    three_placements: float
    same_placement: float
    own_or_kinship_carers: float
    near_home: float


class Starts(Declared):
    """Children who came into care in the last month."""

    uasc: NonNegativeInt
    others: NonNegativeInt


class Flows(Declared):
    """What came and went: per year, or in the last month where the name says so."""

    care_ends: NonNegativeInt
    care_ends_last_month: NonNegativeInt
    care_starts_last_month: Starts
    plan_ends: NonNegativeInt
    plan_ends_last_month: NonNegativeInt
    plan_starts_last_month: NonNegativeInt
    plans_of_18_months: NonNegativeInt
    case_closures: NonNegativeInt
    arrivals: tuple[NonNegativeInt, ...] = Field(min_length=1)
    arrivals_before: NonNegativeInt


class Recipe(Declared):
    """A sample authority."""

    title: str
    source: str
    authority: str
    period: dt.date
    children: NonNegativeInt
    history_from: dt.date
    units: tuple[Unit, ...]
    figures: Figures
    placed_for_adoption: NonNegativeInt
    stability: tuple[Stability, ...]
    earlier: tuple[Earlier, ...] = ()
    returns: tuple[Returns, ...]
    flows: Flows

    @model_validator(mode="after")
    def _adds_up(self) -> Recipe:
        figures, leaves = self.figures, [leaf for unit in self.units for leaf in (unit.units or (unit,))]
        others = sum(leaf.in_care - leaf.uasc for leaf in leaves)
        sums = {
            "figure 6 'of' and 'in_need' of the units": (figures.seen_in_28_days.of, sum(u.in_need for u in leaves)),
            "figure 17 'of' and 'in_care' of the units": (figures.three_placements.of, sum(u.in_care for u in leaves)),
            "figure 17 'met' and 'moved'": (figures.three_placements.met, sum(s.moved for s in self.stability)),
            "figure 18 'of' and 'long_in_care'": (
                figures.same_placement.of,
                sum(s.long_in_care for s in self.stability),
            ),
            "figure 18 'met' and 'settled'": (figures.same_placement.met, sum(s.settled for s in self.stability)),
            "figure 20 'of' and children neither UASC nor placed for adoption": (
                figures.near_home.of,
                others - self.placed_for_adoption,
            ),
            "figure 9 'of' and the last 12 months 'found'": (
                figures.interviewed_in_3_days.of,
                sum(r.found for r in self.returns[-12:]),
            ),
            "figure 9 'met' and the last 12 months 'in_time'": (
                figures.interviewed_in_3_days.met,
                sum(r.in_time for r in self.returns[-12:]),
            ),
        }
        wrong = [f"{what} do not agree: {a} and {b}" for what, (a, b) in sums.items() if a != b]
        if wrong:
            raise ValueError("; ".join(wrong))
        return self


@dataclass(frozen=True)
class Leaf:
    """A team that holds children's cases: its place in the tree, and its open cases by kind, at a scale."""

    team_id: str
    name: str
    area: str | None
    work: Work
    homes: tuple[str, ...]
    uasc: int
    others_in_care: int
    both: int
    plans_only: int
    in_need: int
    rest: int

    @property
    def cases(self) -> int:
        """Return all open cases."""
        return self.uasc + self.others_in_care + self.plans_only + self.in_need + self.rest


@dataclass(frozen=True)
class Branch:
    """A unit of the tree as it is written: teams, areas and services, and the authority at the head."""

    team_id: str
    name: str
    parent_id: str | None


def tree(recipe: Recipe) -> Iterator[tuple[Branch, Unit | None, Unit | None]]:
    """Yield each unit of the tree, the authority first, with its declaration and that of its area."""
    numbers = iter(range(1, 1000))
    root = Branch(f"T{next(numbers):03d}", recipe.authority, None)
    yield root, None, None
    for unit in recipe.units:
        branch = Branch(f"T{next(numbers):03d}", unit.name, root.team_id)
        yield branch, unit, None
        for inner in unit.units:
            yield Branch(f"T{next(numbers):03d}", inner.name, branch.team_id), inner, unit


def leaves(recipe: Recipe, scale: float) -> list[Leaf]:
    """Return the teams that hold children's cases: all but those of fostering, who support households.

    Each kind of case is rounded so that the authority's sum is the rounded sum.
    """
    found = [
        (branch, unit, area)
        for branch, unit, area in tree(recipe)
        if unit is not None and unit.work not in {None, "fostering"}
    ]
    kinds = {
        "uasc": [u.uasc for _, u, _ in found],
        "others_in_care": [u.in_care - u.uasc for _, u, _ in found],
        "both": [u.both for _, u, _ in found],
        "plans_only": [u.plans - u.both for _, u, _ in found],
        "in_need": [u.in_need for _, u, _ in found],
        "rest": [u.cases - u.plans + u.both - u.in_care - u.in_need for _, u, _ in found],
    }
    counts = {kind: round_in_turn([n * scale for n in numbers]) for kind, numbers in kinds.items()}
    return [
        Leaf(
            team_id=branch.team_id,
            name=branch.name,
            area=area.name if area else None,
            work=unit.work or "other",
            homes=unit.homes or (area.homes if area else ()),
            **{kind: numbers[i] for kind, numbers in counts.items()},
        )
        for i, (branch, unit, area) in enumerate(found)
    ]


def load_recipe(recipe: str | Path) -> Recipe:
    """Return the recipe of this name, or in this file. Raises ProblemsError where there is none or it is wrong."""
    return as_model(read_yaml(_find(recipe)), Recipe)


def _find(recipe: str | Path) -> Path:
    folder = policy_root() / "data" / "recipes"
    for path in (folder / f"{recipe}.yaml", Path(recipe)):
        if path.is_file():
            return path
    known = ", ".join(sorted(path.stem for path in folder.glob("*.yaml")))
    raise refuse(f"There is no recipe '{recipe}'.", instead=f"There are: {known}. A path to a recipe does too.")
