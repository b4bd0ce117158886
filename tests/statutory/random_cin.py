"""Random CIN census returns, with faults: ``python -m tests.statutory.random_cin OUT.xml``.

Children have episodes that hold together, with what belongs to them; then elements are spoiled: left out, given another
code, moved to a day on which a rule turns, or said twice. Nothing here knows a rule.
"""

from __future__ import annotations

import argparse
import datetime as dt
import random
from collections.abc import Iterator
from pathlib import Path
from xml.sax.saxutils import escape

from tests.statutory.random_903_codes import words

_END = dt.date(2026, 3, 31)
_START = dt.date(2025, 4, 1)
_YEAR = 365

_CODES = {
    "UPNunknown": ["UN2", "UN3", "UN4", "UN5", "UN6", "UN7", "UN1", "un7"],
    "Sex": ["M", "F", "M", "F", "U", "1"],
    "Ethnicity": ["WBRI", "BAFR", "NOBT", "AOTH", "XXXX"],
    "Disability": words("NONE NONE MOB HAND PC INC COMM LD HEAR VIS BEH CON AUT DDA XX none"),
    "ReferralSource": ["1A", "1C", "3F", "4", "5A", "9", "10", "11"],
    "PrimaryNeedCode": ["N0", "N1", "N4", "N9", "N10"],
    "ReasonForClosure": ["RC1", "RC2", "RC3", "RC8", "RC9", "RC10"],
    "ReferralNFA": ["0", "0", "0", "false", "false", "1", "true", "True", "2"],
    "ICPCnotRequired": ["0", "false", "1", "true", "2"],
    "AssessmentFactors": words("1A 2B 3C 5A 6A 8B 10A 13A 18A 18B 19A 19C 21 21 24A 99"),
    "InitialCategoryOfAbuse": ["NEG", "PHY", "SAB", "EMO", "MUL", "XXX"],
    "LatestCategoryOfAbuse": ["NEG", "PHY", "SAB", "EMO", "MUL", "XXX"],
    "NumberOfPreviousCPP": ["0", "1", "2", "-1"],
    "LAchildID": ["", "child-1", "A" * 21],
}
_CROOKED_DAYS = ["2025-02-30", "01/04/2025", "soon", "2025-04", "2025-04-01T00:00:00"]

Element = tuple[str, "str | list[Element]"]
"""A name, and the text or the elements that it holds."""


def main(arguments: list[str] | None = None) -> None:
    """Write a random return."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--children", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--spoiled", type=float, default=0.01, help="the share of elements that are")
    parser.add_argument("--crooked", action="store_true", help="days that cannot be read, and ids that are no ids")
    asked = parser.parse_args(arguments)
    write(asked.out, asked.children, asked.seed, asked.spoiled, crooked=asked.crooked)


def write(out: Path, children: int, seed: int, spoiled: float, *, crooked: bool = False) -> None:
    """Write a return; with ``crooked``, days that cannot be read and ids that are none stand in it."""
    making = _Making(random.Random(seed), spoiled, crooked)
    header: Element = ("Header", [
        ("CollectionDetails", [("Collection", "CIN"), ("Year", "2026"), ("ReferenceDate", _END.isoformat())]),
        ("Source", [("SourceLevel", "L"), ("LEA", "886"), ("SerialNo", "001"), ("DateTime", "2026-05-01T09:00:00")]),
    ])  # fmt: skip
    with out.open("w", encoding="utf-8") as file:
        file.write('<?xml version="1.0" encoding="UTF-8"?>\n<Message>\n')
        file.write(_text(header) + "<Children>\n")
        for number in range(children):
            file.write(_text(("Child", list(making.child(number)))))
        file.write("</Children>\n</Message>\n")


class _Making:
    """Makes children; ``child`` gives the elements of one, spoiled."""

    def __init__(self, chance: random.Random, spoiled: float, crooked: bool) -> None:
        self.chance, self.spoiled, self.crooked = chance, spoiled, crooked
        self.days: list[dt.date] = []

    def child(self, number: int) -> Iterator[Element]:
        chance = self.chance
        age = chance.choice([0, 1, 4, 5, 6, 10, 17, 18, 25]) if chance.random() < 0.3 else chance.randrange(19)
        born = _END.replace(year=2026 - age) + dt.timedelta(chance.choice([-200, -31, -1, 0, 0, 1, 154, 153]))
        self.days = [born, _START, _END, *(born.replace(day=28, year=born.year + by) for by in (5, 18, 25))]
        unborn, died = born > _END or chance.random() < 0.03, chance.random() < 0.06
        upn = f"{'ABCDEFGH'[number % 8]}{chance.choice(['801', '886', '999'])}{number:08}{chance.choice('12ABI')}"
        who: list[Element] = [("LAchildID", f"K{number:06}")]
        who += [("UPN", upn)] if chance.random() < 0.6 else [("UPNunknown", self.code("UPNunknown"))]
        if chance.random() < 0.1:
            who.append(("FormerUPN", chance.choice(["H801200001001", "X9876543212A", "H80120000100B"])))
        who.append(("ExpectedPersonBirthDate" if unborn else "PersonBirthDate", born.isoformat()))
        who.append(("Sex", self.code("Sex")))
        if died:
            who.append(("PersonDeathDate", self.day(_START, _YEAR)))
        kinds: list[Element] = [("Disability", self.code("Disability")) for _ in range(chance.choice([1, 1, 1, 2, 3]))]
        kept = self.some([("ChildIdentifiers", self.some(who))], 1)
        yield from kept
        yield ("ChildCharacteristics", self.some([("Ethnicity", self.code("Ethnicity")), ("Disabilities", kinds)]))
        began = _START - dt.timedelta(chance.choice([0, 1, 300, 700]))
        for _ in range(chance.choice([1, 1, 1, 2, 3])):
            began += dt.timedelta(chance.choice([0, 1, 20, 60, 200]))
            yield ("CINdetails", self.some(list(self.episode(began))))

    def episode(self, began: dt.date) -> Iterator[Element]:
        """Return what an episode of need holds."""
        chance = self.chance
        self.days.append(began)
        lasts = chance.choice([0, 1, 30, 90, 200, 300])
        yield ("CINreferralDate", began.isoformat())
        yield from (("ReferralSource", self.code("ReferralSource")), ("PrimaryNeedCode", self.code("PrimaryNeedCode")))
        if chance.random() < 0.5:
            yield ("CINclosureDate", (began + dt.timedelta(lasts)).isoformat())
            yield ("ReasonForClosure", self.code("ReasonForClosure"))
        if chance.random() < 0.15:
            yield ("DateOfInitialCPC", self.day(began, lasts))
        yield ("ReferralNFA", self.code("ReferralNFA"))
        for name, often in (
            ("Assessments", 0.5),
            ("CINPlanDates", 0.35),
            ("Section47", 0.35),
            ("ChildProtectionPlans", 0.3),
        ):
            while chance.random() < often:
                yield (name, self.some(list(self.part(name, began, lasts))))

    def part(self, name: str, began: dt.date, lasts: int) -> Iterator[Element]:
        """Return what an assessment, a plan or an enquiry of an episode holds."""
        start, over = self.day(began, lasts), self.chance.random() < 0.6
        end = self.day(dt.date.fromisoformat(start), lasts)
        if name == "Assessments":
            yield ("AssessmentActualStartDate", start)
            if over:
                yield ("AssessmentAuthorisationDate", end)
                factors = self.chance.choice([1, 1, 2, 3])
                yield (
                    "FactorsIdentifiedAtAssessment",
                    [("AssessmentFactors", self.code("AssessmentFactors")) for _ in range(factors)],
                )
        elif name == "CINPlanDates":
            yield ("CINPlanStartDate", start)
            if over:
                yield ("CINPlanEndDate", end)
        elif name == "Section47":
            yield from (("S47ActualStartDate", start), ("InitialCPCtarget", end))
            if over:
                yield ("DateOfInitialCPC", end)
            yield ("ICPCnotRequired", self.code("ICPCnotRequired"))
        else:
            yield ("CPPstartDate", start)
            if over:
                yield ("CPPendDate", end)
            for column in ("InitialCategoryOfAbuse", "LatestCategoryOfAbuse", "NumberOfPreviousCPP"):
                yield (column, self.code(column))
            while self.chance.random() < 0.4:
                yield ("Reviews", [("CPPreviewDate", self.day(dt.date.fromisoformat(start), lasts))])

    def code(self, name: str) -> str:
        """Return a code: mostly one of the first, which are in use."""
        codes = _CODES[name]
        return self.chance.choice(codes if self.chance.random() < 0.1 else codes[: max(2, len(codes) - 2)])

    def day(self, after: dt.date, within: int) -> str:
        """Return a day soon after another."""
        found = after + dt.timedelta(self.chance.choice([0, 0, 1, 7, 20, 44, 45, 46, within]))
        self.days.append(found)
        return found.isoformat()

    def some(self, elements: list[Element], most: int = 2) -> list[Element]:
        """Return elements with a share of them spoiled: gone, other, or there twice."""
        found: list[Element] = []
        for name, held in elements:
            if self.chance.random() >= self.spoiled:
                found.append((name, held))
            elif self.chance.random() < 0.3 or (isinstance(held, list) and most == 1):
                continue
            elif isinstance(held, str):
                found.append((name, self.other(name, held)))
            else:
                found += [(name, held)] * (1 if name == "Disabilities" else most)
        return found

    def other(self, name: str, text: str) -> str:
        """Return another text for an element."""
        if name == "LAchildID":
            return self.chance.choice(_CODES[name]) if self.crooked else text
        if name in _CODES:
            return self.chance.choice(_CODES[name])
        if "UPN" in name:
            return text[:-2]
        if self.crooked and self.chance.random() < 0.15:
            return self.chance.choice(_CROOKED_DAYS)
        return (self.chance.choice(self.days) + dt.timedelta(self.chance.choice([-1, 0, 0, 1]))).isoformat()


def _text(element: Element) -> str:
    name, held = element
    inside = escape(held) if isinstance(held, str) else "".join(_text(one) for one in held)
    return f"<{name}>{inside}</{name}>\n"


if __name__ == "__main__":
    main()
