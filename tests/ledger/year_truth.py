"""What happens to the records of an authority in a year, and how every exception must stand for it; dq is not asked.

Faults are those that the sample can put in, each with the (rule, record) pairs that it must give. Chance decides the
life of each: when it comes, stays, is put right, is emptied instead, goes with its record, and comes back. From the
lives alone follow the extracts of every month, and what ``docs/ledger.md`` says of every exception.
"""

from __future__ import annotations

import csv
import random
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from dq.sample.authority import make_authority
from dq.sample.chance import Chance
from dq.sample.defects import DEFECT_STREAM, FAULTS
from dq.sample.defects.defect import Defect, Flag
from dq.sample.defects.scene import Scene
from dq.sample.recipe import load_recipe
from dq.sample.records import ROWS
from dq.sample.write import write_block

Row = dict[str, str]
Extracts = dict[str, list[Row]]

EMPTIED: Mapping[str, str | None] = {
    "home-postcode-impossible": "home-postcode-missing",
    "placement-postcode-impossible": "placement-postcode-missing",
    "private-fostering-postcode-impossible": None,
    "contract.early_help_panels.threshold_level.codes": "panel-without-threshold",
    "contract.cp_plans.initial_category.codes": "plan-initial-category-missing",
    "contract.sdq_scores.score.range": None,
    "contract.immunisations.up_to_date.codes": None,
    "contract.graded_reports.kind.codes": "contract.graded_reports.kind.required",
}
"""Rules whose faulty cell may be emptied instead of corrected → the rule that then finds the empty cell, if any."""
LEAVES = frozenset({"attendance", "contacts", "cp_visits", "identifiers", "offences"})
"""Extracts of which one record more or less is noticed by no rule."""
NOT_ASKED: Mapping[str, frozenset[str]] = {
    fault: frozenset(rules or (fault,))
    for fault, *rules in (
        ("adopter-closing-reason-without-date",),  # the reason goes: only of what is closed is a date asked
        ("assessment-outcome-without-authorisation",),
        ("case-open-after-death",),
        ("cin-plan-open-case-closed",),  # the plan is ended: the rule is about open ones
        ("emergency-order-too-long",),
        ("foster-carer-ended-reason-without-date",),
        ("no-factors-though-services-given",),
        ("panel-help-not-started",),
        ("police-protection-too-long",),
        ("probable-duplicate-birth-turned-round",),  # the other record goes: the rule is about pairs
        ("probable-duplicate-child",),
        ("refusal-without-date",),
        ("two-legal-statuses-open", "interim-order-without-proceedings"),
        ("uasc-not-recorded", "no-home-address"),
    )
}
"""Faults that are put right where a rule's ``where``, or its view, looks → the rules that then no longer ask."""


class Is(StrEnum):
    """What a fault is in a month: not there, there, emptied instead of corrected, or gone with its record."""

    SOUND = "sound"
    WRONG = "wrong"
    EMPTIED = "emptied"
    DELETED = "deleted"


@dataclass
class Trouble:
    """A fault with its life, month by month, and the rows that it adds, as they are written."""

    rule: str
    defect: Defect
    added: Sequence[tuple[str, Row]]
    life: list[Is]

    def flags(self, month: int) -> set[Flag]:
        """Return what must be flagged in a month because of it."""
        now = self.life[month]
        if now is Is.WRONG:
            return set(self.defect.flags)
        instead = EMPTIED.get(self.rule)
        return {(instead, key) for _, key in self.defect.flags} if now is Is.EMPTIED and instead else set()

    @property
    def may_be_emptied(self) -> bool:
        """Whether its one cell can be emptied, with a known outcome."""
        return self.rule in EMPTIED and len(self.defect.cells) == len(self.defect.flags) == 1

    @property
    def may_be_deleted(self) -> bool:
        """Whether its one record can go by itself."""
        cells = self.defect.cells
        records = {(extract, key) for extract, key, _ in cells}
        return {extract for extract, _ in records} <= LEAVES and {key for _, key in self.defect.flags} == {
            key for _, key in records
        }


@dataclass
class Truth:
    """How every exception there has been stands, and at which month its chapter began."""

    stands: dict[Flag, str] = field(default_factory=dict)
    began: dict[Flag, int] = field(default_factory=dict)
    here: set[Flag] = field(default_factory=set)

    def month(self, month: int, now: set[Flag], went: Mapping[Flag, str], new_meaning: str | None) -> None:
        """Go on to a month: what is flagged, how what is not any more went, and the rule that means something else."""
        for flag in self.here - now:
            self.stands[flag] = "out_of_scope" if flag[0] == new_meaning else went[flag]
        for flag in [flag for flag in self.began if flag[0] == new_meaning]:
            del self.began[flag]
        for flag in now:
            if flag not in self.began:
                self.stands[flag] = "new" if month else "open"
                self.began[flag] = month
            else:
                known = flag in self.here or self.stands[flag] == "out_of_scope"
                self.stands[flag] = "open" if known else "reopened"
        self.here = set(now)


class Year:
    """An authority of a scale and a seed, its troubles, and its extracts in every month."""

    def __init__(self, folder: Path, scale: float, seed: int, fields: Mapping[str, Sequence[str]], months: int) -> None:
        self.months = months
        self._chance = random.Random(seed)
        self._fields = fields
        making = make_authority(load_recipe("kent-2016-08"), seed=seed, scale=scale)
        scene = Scene(making, Chance(seed, DEFECT_STREAM, 0))
        chosen = list(self._chosen(scene, fields))
        self.sound, added = _written(scene, [defect for _, defect in chosen], folder)
        lives = [self._life(rule, defect) for rule, defect in chosen]
        self.troubles = [Trouble(*one, rows, life) for one, rows, life in zip(chosen, added, lives, strict=True)]
        self._cells = {(extract, row[_key(extract)]): row for extract, rows in self.sound.items() for row in rows}
        self.away = self._go_away()
        self.moved = self._move_team()

    def _chosen(self, scene: Scene, fields: Mapping[str, Sequence[str]]) -> Iterator[tuple[str, Defect]]:
        """Yield up to two faults of each kind whose rules there are, on children of their own."""
        carrying, flagged = set[str](), set[Flag]()
        for fault in FAULTS:
            if fault.of_team or fault.of_many or fault.rule not in fields:
                continue
            found = 0
            for defect in scene.chance.in_any_order(list(fault.carriers(scene, fault.rule))):
                if carrying.isdisjoint(defect.who) and flagged.isdisjoint(defect.flags):
                    carrying.update(defect.who)
                    flagged.update(defect.flags)
                    found += 1
                    yield fault.rule, defect
                if found == 2:
                    break

    def _life(self, rule: str, defect: Defect) -> list[Is]:
        trouble = Trouble(rule, defect, (), [])
        others = [Is.EMPTIED] * trouble.may_be_emptied + [Is.DELETED] * trouble.may_be_deleted
        now, life = self._chance.choice([Is.SOUND, Is.WRONG]), []
        for _ in range(self.months):
            life.append(now)
            if self._chance.random() < 0.35:
                now = self._chance.choice([Is.SOUND, *others] if now is Is.WRONG else [Is.WRONG, Is.WRONG, Is.SOUND])
        return life

    def _go_away(self) -> dict[str, range]:
        """Choose children who come during the year, or whose record is taken away; their faults are there only then."""
        named = {text for t in self.troubles for text in t.defect.cells.values()}
        named_too = {row.get("person_id", "") for (_, key), row in self._cells.items() if key in named}
        alone = {t.defect.child for t in self.troubles if not (t.defect.beside or t.defect.added or t.defect.dropped)}
        busy = {one for t in self.troubles for one in t.defect.who}
        children = {row["person_id"] for row in self.sound["persons"]} - named_too
        idle = sorted(children - busy)
        away: dict[str, range] = {}
        for child in [*self._chance.sample(idle, len(idle) // 20), *sorted(alone & children)[::12]]:
            turn = self._chance.randrange(1, self.months)
            away[child] = range(turn) if self._chance.random() < 0.5 else range(turn, self.months)
        for trouble in self.troubles:
            for month in away.get(trouble.defect.child, ()):
                trouble.life[month] = Is.DELETED
        return away

    def _move_team(self) -> dict[str, tuple[int, Row]]:
        """Choose pairs of open cases of districts that change hands: involvement → from which month, who holds it."""
        touched = {key for t in self.troubles for extract, key, _ in t.defect.cells if extract == "involvements"}
        districts = {row["team_id"] for row in self.sound["teams"] if row["team_name"].endswith("CSWT")}
        by = defaultdict(set)
        for rows in self.sound.values():
            for row in rows:
                by[row.get("person_id")].add(row.get("worker_id"))
        cases = [
            row
            for row in self.sound["involvements"]
            if not row["end_date"] and row["team_id"] in districts and row["case_type"] == "CIN"
            if row["involvement_id"] not in touched and row["person_id"] not in self.away
        ]
        self._chance.shuffle(cases)
        moved = {}
        for one, other in zip(cases[::3], cases[1::3], strict=False):
            # Who has looked at a child's case as somebody else does not get it: that would be a fault of its own.
            if one["worker_id"] not in by[other["person_id"]] and other["worker_id"] not in by[one["person_id"]]:
                turn = self._chance.randrange(1, self.months)
                for case, whose in ((one, other), (other, one)):
                    now = {column: whose[column] for column in ("worker_id", "team_id")}
                    moved[case["involvement_id"]] = (turn, now)
        return moved

    def flags(self, month: int) -> set[Flag]:
        """Return every (rule, record) that must be flagged in a month."""
        return {flag for trouble in self.troubles for flag in trouble.flags(month)}

    def went(self, month: int) -> dict[Flag, str]:
        """Return how each exception went that is not there in a month, if it was in the month before."""
        return {
            flag: self._went(trouble, trouble.life[month], flag)
            for trouble in self.troubles
            for flag in trouble.flags(month - 1)
        }

    def _went(self, trouble: Trouble, now: Is, flag: Flag) -> str:
        """Return how: gone with its record (or a record too many is gone), emptied, or put right."""
        rule, key = flag
        added = {(extract, row[_key(extract)]) for extract, row in trouble.added} - self._cells.keys()
        if now is Is.DELETED or key in {key for _, key in added}:
            return "vanished"
        if now is Is.EMPTIED and rule == trouble.rule:
            return "blanked"
        for (extract, record, column), text in trouble.defect.cells.items():
            in_question = record == key and column in self._fields[rule] and text
            if in_question and now is Is.SOUND and not self._cells[extract, record][column]:
                return "blanked"
        return "out_of_scope" if rule in NOT_ASKED.get(trouble.rule, ()) else "fixed"

    def all_at_once(self) -> tuple[Extracts, set[Flag]]:
        """Return the records with every fault in them, and what must be flagged for it."""
        troubles = [Trouble(one.rule, one.defect, one.added, [Is.WRONG]) for one in self.troubles]
        return self._with(troubles, 0, {}, {}), {flag for one in troubles for flag in one.flags(0)}

    def extracts(self, month: int) -> Extracts:
        """Return the records as the authority has them at the end of a month, in no order."""
        return self._with(self.troubles, month, self.away, self.moved)

    def _with(
        self,
        troubles: Sequence[Trouble],
        month: int,
        away: Mapping[str, range],
        moved: Mapping[str, tuple[int, Row]],
    ) -> Extracts:
        cells: dict[tuple[str, str], Row] = defaultdict(dict)
        gone = {("persons", child) for child, months in away.items() if month in months}
        added = []
        for trouble in troubles:
            now = trouble.life[month]
            if now is Is.WRONG:
                gone.update(trouble.defect.dropped)
                added += trouble.added
            for (extract, key, column), text in trouble.defect.cells.items():
                if now is Is.DELETED and month not in away.get(trouble.defect.child, ()):
                    gone.add((extract, key))
                elif now in {Is.WRONG, Is.EMPTIED}:
                    cells[extract, key][column] = text if now is Is.WRONG else ""
        for key, (since, now_held) in moved.items():
            if month >= since:
                cells["involvements", key] |= now_held
        found = {
            extract: [
                {**row, **cells.get((extract, row[_key(extract)]), {})}
                for row in rows
                if (extract, row[_key(extract)]) not in gone
            ]
            for extract, rows in self.sound.items()
        }
        for extract, row in added:
            found[extract].append(row)
        _take_away(found, {child for extract, child in gone if extract == "persons" and child in away})
        for rows in found.values():
            self._chance.shuffle(rows)
        return found


def _take_away(extracts: Extracts, children: set[str]) -> None:
    """Take all that is of some children out, and what is of a record that went with them."""
    gone = {"person_id": set(children)}
    while True:
        taken = 0
        for extract, rows in extracts.items():
            of = [column for column in gone if rows and column in rows[0]]
            left = [row for row in rows if not any(row[column] in gone[column] for column in of)]
            for row in rows if len(left) < len(rows) else ():
                if any(row[column] in gone[column] for column in of):
                    gone.setdefault(_key(extract), set()).add(row[_key(extract)])
            taken += len(rows) - len(left)
            extracts[extract] = left
        if not taken:
            return


def _key(extract: str) -> str:
    return next(iter(ROWS[extract].__dataclass_fields__))


def _written(scene: Scene, defects: Sequence[Defect], folder: Path) -> tuple[Extracts, list[list[tuple[str, Row]]]]:
    """Return the sound records as they are written, and the rows that each fault adds."""
    extra = [(extract, row) for defect in defects for extract, row in defect.added]
    tables = {
        extract: [*getattr(scene.records, extract), *(row for of, row in extra if of == extract)] for extract in ROWS
    }
    write_block(tables, folder, written_as={}, truth=())
    texts: Extracts = {}
    for extract in ROWS:
        with (folder / f"{extract}.csv").open(encoding="utf-8", newline="") as file:
            columns = list(ROWS[extract].__dataclass_fields__)
            texts[extract] = [dict(zip(columns, cells, strict=True)) for cells in csv.reader(file)]
    more = {extract: iter(rows[len(getattr(scene.records, extract)) :]) for extract, rows in texts.items()}
    added = [[(extract, next(more[extract])) for extract, _ in defect.added] for defect in defects]
    return {extract: rows[: len(getattr(scene.records, extract))] for extract, rows in texts.items()}, added
