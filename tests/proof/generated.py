"""Finished scorecards of random shape that hang together, as rows of the long form, and slips put into them.

Every figure is kept as an exact fraction and rounded half away from zero once, as a careful author rounds.
"""

from __future__ import annotations

import calendar
import csv
import datetime as dt
import itertools
import random
from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

HEADINGS = (
    "ref", "paper", "edition", "table_name", "measure", "title", "scope", "parent_scope", "breakdown", "part", "period",
    "span", "printed", "unit", "count", "numerator", "denominator", "population", "target", "rag", "polarity", "green",
    "amber", "arrow", "compared_with", "of_figure", "less_figure",
)  # fmt: skip
RELATION_HEADINGS = ("paper", "kind", "measure", "of_measure", "less_measure")
PARTS = {
    "age": ("Under 1", "1 to 4", "5 to 9", "10 to 15", "16 and over", "Not known"),
    "sex": ("Boys", "Girls", "Not known"),
    "need": ("Abuse or neglect", "Disability", "Family in distress", "Absent parents", "Not known"),
}
TITLES = (
    "Visits in time", "Reviews in time", "Health checks in time", "Seen alone", "Plans agreed", "Assessments in time",
    "Placed near home", "In a stable placement", "Supervised in time", "In education", "Re-referred",
)  # fmt: skip

Row = dict[str, str]
Counts = dict[tuple[str, dt.date], int]
"""Scope and month → number."""


@dataclass
class Scorecard:
    """One paper: its rows, how its measures hang together, and what a slip needs to know of them."""

    paper: str
    rows: list[Row] = field(default_factory=list)
    relations: list[Row] = field(default_factory=list)
    exact: dict[str, Fraction] = field(default_factory=dict)
    sums: list[tuple[str, ...]] = field(default_factory=list)
    """The refs of figures that one sum is of: whole and parts, unit and units, or a month's flow."""

    def row(self, ref: str) -> Row:
        """Return the row of that ref."""
        return next(row for row in self.rows if row["ref"] == ref)

    def copy(self) -> Scorecard:
        """Return the same paper with rows of its own to change."""
        rows = [dict(row) for row in self.rows]
        return Scorecard(self.paper, rows, self.relations, self.exact, self.sums)


def rounded(exact: Fraction, places: int) -> str:
    """Return a figure as a careful author prints it: rounded half away from zero, once."""
    scaled = abs(exact) * 10**places
    whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    return _placed(whole, places, negative=exact < 0)


def cut(exact: Fraction, places: int) -> str:
    """Return a figure that was cut short."""
    scaled = abs(exact) * 10**places
    return _placed(scaled.numerator // scaled.denominator, places, negative=exact < 0)


def _placed(units: int, places: int, *, negative: bool) -> str:
    digits = str(units).rjust(places + 1, "0")
    sign = "-" if negative and units else ""
    return sign + (f"{digits[:-places]}.{digits[-places:]}" if places else digits)


def value_of(printed: str) -> Fraction:
    """Return the number that is printed."""
    return Fraction(printed.replace(",", "").replace("%", "").replace("+", ""))


def scorecard(seed: int, paper: str) -> Scorecard:
    """Return a finished scorecard of random shape in which all figures agree."""
    return _Author(random.Random(seed), paper).write()


def write(cards: Iterable[Scorecard], folder: Path) -> tuple[list[Path], dict[int, tuple[str, str]]]:
    """Write papers as a file of figures and one of relations; return both, and row → (paper, ref)."""
    figures, relations, places = folder / "figures.csv", folder / "relations.csv", {}
    with (
        figures.open("w", encoding="utf-8", newline="") as first,
        relations.open("w", encoding="utf-8", newline="") as second,
    ):
        rows, related = csv.DictWriter(first, HEADINGS), csv.DictWriter(second, RELATION_HEADINGS)
        rows.writeheader()
        related.writeheader()
        number = 1
        for card in cards:
            related.writerows(card.relations)
            for row in card.rows:
                number += 1
                places[number] = (row["paper"], row["ref"])
                rows.writerow(row)
    return [figures, relations], places


def _month_end(year: int, month: int, back: int) -> dt.date:
    months = year * 12 + month - 1 - back
    year, month = divmod(months, 12)
    return dt.date(year, month + 1, calendar.monthrange(year, month + 1)[1])


class _Author:
    """Who writes one paper: its units, months and ways of printing, chosen at the start and kept to."""

    def __init__(self, rng: random.Random, paper: str) -> None:
        self.rng, self.card = rng, Scorecard(paper)
        self.parents: dict[str, str] = {}
        self.scopes = [f"Borough {paper}"]
        for a in range(rng.choice((0, 0, 1, 2, 3, 4))):
            area = f"{paper} Area {a + 1}"
            self._add_unit(area, self.scopes[0])
            for t in range(rng.choice((0, 2, 3, 4))):
                self._add_unit(f"{area} Team {t + 1}", area)
        self.leaves = [scope for scope in self.scopes if scope not in self.parents.values()]
        year, month = rng.randint(2014, 2024), rng.randint(1, 12)
        self.months = [_month_end(year, month, back) for back in reversed(range(rng.choice((1, 2, 3, 6, 13))))]
        self.edition = self.months[-1]
        self.day = rng.choice(("%Y-%m-%d", "%Y-%m", "%B %Y", "%d/%m/%Y", "%b-%y"))
        self.percent_sign, self.thousands = rng.choice(("%", "")), rng.choice((",", ""))
        self.arrows_of_performance = rng.random() < 0.5
        self.prints_base = rng.random() < 0.8
        self.next_ref = 0

    def _add_unit(self, name: str, parent: str) -> None:
        self.scopes.append(name)
        self.parents[name] = parent

    def write(self) -> Scorecard:
        """Write the paper, table by table."""
        rng = self.rng
        stock = self._activity() if rng.random() < 0.8 else None
        if stock is not None:
            for breakdown in rng.sample(sorted(PARTS), rng.choice((0, 1, 1, 2))):
                self._breakdown(breakdown, stock)
        names = rng.sample(TITLES, rng.randint(1, 6))
        for number, title in enumerate(names):
            self._shares(f"P{number}", title, rng.choice(("Timeliness", "Quality")), stock)
        if rng.random() < 0.3:
            self._subset()
        for number in range(rng.choice((0, 1, 2))):
            self._means(f"M{number}")
        if rng.random() < 0.5:
            self._summary()
        self._print_some_twice()
        self._leave_some_out()
        if rng.random() < 0.3 and len(self.months) > 2:
            self._earlier_edition()
        return self.card

    # One figure

    def _add(
        self, measure: str, title: str, table: str, scope: str, month: dt.date, exact: Fraction | None, unit: str,
        places: int = 0, **cells: str,
    ) -> Row:  # fmt: skip
        self.next_ref += 1
        ref = f"r{self.next_ref}"
        row = dict.fromkeys(HEADINGS, "") | {
            "ref": ref, "paper": self.card.paper, "edition": self.edition.strftime(self.day), "table_name": table,
            "measure": measure, "title": title, "scope": scope, "parent_scope": self.parents.get(scope, ""),
            "period": month.strftime(self.day), "unit": unit, "polarity": "none",
            "printed": self._print(exact, unit, places),
        } | cells  # fmt: skip
        if exact is not None:
            self.card.exact[ref] = exact
        self.card.rows.append(row)
        return row

    def _print(self, exact: Fraction | None, unit: str, places: int) -> str:
        if exact is None:
            return self.rng.choice(("n/a", "-", "not available"))
        text = rounded(exact, places)
        if unit == "count" and len(text.lstrip("-")) > 3 and self.thousands:
            text = f"{int(text):,}"
        return text + (self.percent_sign if unit == "percent" else "")

    def _based(self, row: Row, met: int, base: int) -> None:
        if self.prints_base:
            row["numerator"], row["denominator"] = str(met), str(base)

    def _rolled_up(self, of_leaves: Counts) -> Counts:
        """Return the numbers of leaves with those of every unit above them."""
        whole: Counts = dict.fromkeys(((scope, month) for scope in self.scopes for month in self.months), 0)
        for (leaf, month), number in of_leaves.items():
            scope: str | None = leaf
            while scope is not None:
                whole[scope, month] += number
                scope = self.parents.get(scope)
        return whole

    def _sum_units(self, rows: dict[str, Row]) -> None:
        for scope, row in rows.items():
            units = [rows[unit]["ref"] for unit, parent in self.parents.items() if parent == scope and unit in rows]
            if units:
                self.card.sums.append((row["ref"], *units))

    # Tables

    def _activity(self) -> Counts:
        """Write a number at each month end, who came and who went, with the changes from month to month."""
        rng, table, largest = self.rng, "Activity", self.rng.choice((8, 60, 900))
        stock: Counts = {}
        begun: Counts = {}
        ended: Counts = {}
        for leaf in self.leaves:
            held = rng.randint(0, largest)
            for month in self.months:
                begun[leaf, month] = rng.randint(0, max(2, largest // 10))
                ended[leaf, month] = rng.randint(0, min(held + begun[leaf, month], max(2, largest // 10)))
                held += begun[leaf, month] - ended[leaf, month]
                stock[leaf, month] = held
        told = {"STOCK": self._rolled_up(stock), "BEGUN": self._rolled_up(begun), "ENDED": self._rolled_up(ended)}
        spans = {"STOCK": "month end", "BEGUN": "month", "ENDED": "month"} if rng.random() < 0.5 else {}
        titles = {"STOCK": "Children in care", "BEGUN": "Came into care", "ENDED": "Left care"}
        written: dict[tuple[str, str, dt.date], Row] = {}
        for month in self.months:
            for measure, counts in told.items():
                rows = {
                    scope: self._add(
                        measure, titles[measure], table, scope, month, Fraction(counts[scope, month]), "count",
                        span=spans.get(measure, ""),
                    )
                    for scope in self.scopes
                }  # fmt: skip
                written |= {(measure, scope, month): row for scope, row in rows.items()}
                self._sum_units(rows)
        if spans and len(self.months) == 13:
            for measure, scope in itertools.product(("BEGUN", "ENDED"), self.scopes):
                year = Fraction(sum(told[measure][scope, month] for month in self.months[1:]))
                self._add(measure, titles[measure], table, scope, self.edition, year, "count", span="12 months")
        for (before, month), scope in itertools.product(itertools.pairwise(self.months), self.scopes):
            of = (("STOCK", month), ("STOCK", before), ("BEGUN", month), ("ENDED", month))
            self.card.sums.append(tuple(written[measure, scope, day]["ref"] for measure, day in of))
        for measure, scope in itertools.product(told, self.scopes if len(self.months) > 1 else ()):
            now, before_it = (written[measure, scope, month]["ref"] for month in (self.edition, self.months[-2]))
            self._add(
                measure, titles[measure], table, scope, self.edition, self.card.exact[now] - self.card.exact[before_it],
                "count", span=spans.get(measure, ""), of_figure=now, less_figure=before_it,
            )  # fmt: skip
        self._relate("flow", "STOCK", "BEGUN", "ENDED")
        return told["STOCK"]

    def _breakdown(self, breakdown: str, stock: Counts) -> None:
        """Write the number by its parts, and perhaps the shares."""
        rng, measure, table = self.rng, f"STOCK_{breakdown}", f"By {breakdown}"
        names = PARTS[breakdown][: rng.randint(2, 6)]
        months = self.months if rng.random() < 0.3 else [self.edition]
        scopes = self.scopes if rng.random() < 0.5 else self.scopes[:1]
        parts: dict[str, Counts] = {name: {} for name in names}
        for leaf in self.leaves:
            for month in self.months:
                left = stock[leaf, month]
                for name in names:
                    taken = left if name == names[-1] else rng.randint(0, left)
                    parts[name][leaf, month] = taken
                    left -= taken
        whole = {name: self._rolled_up(counts) for name, counts in parts.items()}
        shares, places, by_count = rng.random() < 0.6, rng.choice((0, 1, 2)), rng.random() < 0.5
        for month in months:
            rows_of_part: dict[str, dict[str, Row]] = {name: {} for name in names}
            for scope in scopes:
                added = [
                    self._add(
                        measure, f"By {breakdown}", table, scope, month, Fraction(whole[name][scope, month]), "count",
                        breakdown=breakdown, part=name,
                    )
                    for name in names
                ]  # fmt: skip
                for name, row in zip(names, added, strict=True):
                    rows_of_part[name][scope] = row
                total = next(
                    row for row in self.card.rows
                    if row["measure"] == "STOCK" and row["scope"] == scope and row["period"] == month.strftime(self.day)
                )  # fmt: skip
                self.card.sums.append((total["ref"], *(row["ref"] for row in added)))
                base = stock[scope, month]
                if not shares:
                    continue
                added = []
                for name in names:
                    met = whole[name][scope, month]
                    row = self._add(
                        measure, f"By {breakdown}", table, scope, month, Fraction(100 * met, base) if base else None,
                        "percent", places, breakdown=breakdown, part=name,
                    )  # fmt: skip
                    if base:
                        row["count" if by_count else "numerator"] = str(met)
                        row["denominator"] = "" if by_count else str(base)
                    added.append(row)
                self.card.sums.append(tuple(row["ref"] for row in added))
            for rows in rows_of_part.values():
                self._sum_units(rows)
        self._relate("parts", measure, "STOCK")
        if shares and by_count:
            self._relate("base", measure, "STOCK")

    def _shares(self, measure: str, title: str, table: str, stock: Counts | None) -> None:
        """Write a share with its base, target, colour and arrow, and perhaps its change and that of twelve months."""
        rng, places = self.rng, self.rng.choice((0, 1, 1, 1, 2))
        of_stock = stock is not None and rng.random() < 0.4
        largest, likely = rng.choice((5, 40, 400)), rng.random()
        met: Counts = {}
        base: Counts = {}
        for leaf in self.leaves:
            for month in self.months:
                number = stock[leaf, month] if stock is not None and of_stock else rng.randint(0, largest)
                base[leaf, month] = number
                met[leaf, month] = min(number, max(0, round(rng.gauss(number * likely, number / 10))))
        met, base = self._rolled_up(met), self._rolled_up(base)
        polarity = rng.choice(("high", "low", "none", "target"))
        cells, green, amber = self._bands(polarity)
        if of_stock and rng.random() < 0.7:
            cells["population"] = "children in care"
        changes, year = rng.random() < 0.4, len(self.months) == 13 and rng.random() < 0.6
        months = self.months if rng.random() < 0.6 else self.months[-2:]
        before: dict[str, Row] = {}
        for month in months:
            for scope in self.scopes:
                m, b = met[scope, month], base[scope, month]
                exact = Fraction(100 * m, b) if b else None
                row = self._add(measure, title, table, scope, month, exact, "percent", places, **cells)
                if b:
                    self._based(row, m, b)
                self._judge(row, exact, polarity, green, amber)
                if scope in before and rng.random() < 0.95:
                    self._point(row, before[scope], polarity)
                    if changes:
                        self._change(row, before[scope], places)
                before[scope] = row
        if year:
            for scope in self.scopes:
                m, b = (sum(counts[scope, month] for month in self.months[1:]) for counts in (met, base))
                exact = Fraction(100 * m, b) if b else None
                row = self._add(
                    measure,
                    title,
                    table,
                    scope,
                    self.edition,
                    exact,
                    "percent",
                    places,
                    **cells | {"span": "12 months"},
                )
                if b:
                    self._based(row, m, b)
                self._judge(row, exact, polarity, green, amber)

    def _bands(self, polarity: str) -> tuple[dict[str, str], Fraction | None, Fraction | None]:
        """Choose target and edges of green and amber; return how they are printed, and the edges."""
        rng = self.rng
        target = Fraction(rng.randint(100, 1900), 20) if polarity != "none" and rng.random() < 0.8 else None
        step = Fraction(rng.randint(1, 20), 2) * (-1 if polarity == "high" else 1)
        cells = {"polarity": polarity}
        green = amber = None
        if target is not None:
            cells["target"] = rounded(target, 2) + self.percent_sign
            if polarity in ("high", "low"):
                green = target
                if rng.random() < 0.7:
                    green = target + step if rng.random() < 0.3 else target
                    amber = green + step
                    cells |= {"green": rounded(green, 2), "amber": rounded(amber, 2)}
        return cells, green, amber

    def _judge(
        self, row: Row, exact: Fraction | None, polarity: str, green: Fraction | None, amber: Fraction | None
    ) -> None:
        if exact is None or green is None:
            return
        sign = 1 if polarity == "high" else -1
        if sign * exact >= sign * green:
            row["rag"] = "G"
        elif amber is None:
            row["rag"] = self.rng.choice("AR")
        else:
            row["rag"] = "A" if sign * exact >= sign * amber else "R"

    def _point(self, row: Row, before: Row, polarity: str) -> None:
        """Give a row the arrow that its figure and the one before give, as both are printed."""
        row["compared_with"] = before["ref"]
        if row["ref"] not in self.card.exact or before["ref"] not in self.card.exact:
            return
        now, then = value_of(row["printed"]), value_of(before["printed"])
        if now == then:
            row["arrow"] = "same"
        elif not self.arrows_of_performance:
            row["arrow"] = "up" if now > then else "down"
        elif polarity in ("high", "low"):
            row["arrow"] = "better" if (now > then) == (polarity == "high") else "worse"

    def _change(self, row: Row, before: Row, places: int) -> None:
        """Write how far a figure moved: as printed, or worked out before it is rounded; both are careful."""
        if row["ref"] not in self.card.exact or before["ref"] not in self.card.exact:
            return
        pairs = {
            "printed": value_of(row["printed"]) - value_of(before["printed"]),
            "exact": self.card.exact[row["ref"]] - self.card.exact[before["ref"]],
        }
        moved = pairs[self.rng.choice(("printed", "exact"))]
        unit = "points" if row["unit"] == "percent" else row["unit"]
        added = self._add(
            row["measure"], row["title"], row["table_name"], row["scope"], self.edition, moved, unit, places,
            of_figure=row["ref"], less_figure=before["ref"], period=row["period"],
        )  # fmt: skip
        if moved > 0 and self.rng.random() < 0.5 and value_of(added["printed"]):
            added["printed"] = f"+{added['printed']}"

    def _subset(self) -> None:
        """Write how many are in touch, and of those how many are in suitable homes."""
        rng, table = self.rng, "Leavers"
        for month in self.months[-2:]:
            for scope in self.scopes:
                all_ = rng.randint(5, 300)
                touch = rng.randint(1, all_)
                base = rng.choice((touch, rng.randint(1, touch)))
                suited = rng.randint(0, base)
                for measure, title, met, of in (
                    ("TOUCH", "In touch", touch, all_), ("HOMES", "In suitable homes", suited, base),
                ):  # fmt: skip
                    row = self._add(measure, title, table, scope, month, Fraction(100 * met, of), "percent", 1)
                    row["numerator"], row["denominator"] = str(met), str(of)
        self._relate("subset", "HOMES", "TOUCH")

    def _means(self, measure: str) -> None:
        """Write an average with what it is worked out from."""
        rng = self.rng
        unit, places, each = rng.choice((("days", 0, 400), ("number", 1, 20), ("number", 2, 5)))
        before: dict[str, Row] = {}
        for month in self.months:
            for scope in self.scopes:
                base = rng.randint(0, 60)
                met = sum(rng.randint(0, 2 * each) for _ in range(base))
                exact = Fraction(met, base) if base else None
                cells = {"polarity": "low"}
                row = self._add(measure, f"Average {measure}", "Averages", scope, month, exact, unit, places, **cells)
                if base:
                    self._based(row, met, base)
                if scope in before:
                    self._point(row, before[scope], "low")
                    self._change(row, before[scope], places)
                before[scope] = row

    def _summary(self) -> None:
        """Print some figures of the last month again in a table of their own, perhaps with fewer places."""
        rng = self.rng
        last = self.edition.strftime(self.day)
        chosen = [
            row for row in self.card.rows
            if row["scope"] == self.scopes[0] and row["period"] == last and not row["of_figure"] and not row["arrow"]
            and row["ref"] in self.card.exact and row["unit"] in ("percent", "count") and row["table_name"] != "Leavers"
        ]  # fmt: skip
        for row in rng.sample(chosen, min(len(chosen), 12)):
            places = 0 if rng.random() < 0.5 else len(row["printed"].rstrip("%").partition(".")[2])
            keep = ("breakdown", "part", "span", "target", "rag", "green", "amber", "polarity", "population")
            if rng.random() < 0.7:
                keep += ("numerator", "denominator", "count")
            cells = {name: row[name] for name in keep}
            self._add(
                row["measure"], row["title"], "Summary", row["scope"], self.edition, self.card.exact[row["ref"]],
                row["unit"], places, **cells,
            )  # fmt: skip

    def _print_some_twice(self) -> None:
        """Print a few figures a second time in their own table, as a headline is."""
        for row in list(self.card.rows):
            if self.rng.random() < 0.005 and row["ref"] in self.card.exact and not row["of_figure"]:
                self.next_ref += 1
                self.card.rows.append(row | {"ref": f"r{self.next_ref}"})
                self.card.exact[f"r{self.next_ref}"] = self.card.exact[row["ref"]]

    def _leave_some_out(self) -> None:
        """Say of a few figures that they are too small to print, and of what they are made of too."""
        for row in self.card.rows:
            if self.rng.random() < 0.01:
                row["printed"] = self.rng.choice(("x", "*", "n/a"))
                for name in ("numerator", "denominator", "count", "rag", "arrow"):
                    row[name] = ""
                self.card.exact.pop(row["ref"], None)

    def _earlier_edition(self) -> None:
        """Print the months before the last as the paper of the month before did."""
        before = self.months[-2].strftime(self.day)
        last = self.edition.strftime(self.day)
        rows = [row for row in self.card.rows if row["period"] != last]
        there = {row["ref"] for row in rows}
        paper = f"{self.card.paper} earlier"
        for row in rows:
            kept = {
                name: row[name] if row[name] in there else "" for name in ("compared_with", "of_figure", "less_figure")
            }
            if row["arrow"] and not kept["compared_with"]:
                kept["arrow"] = ""
            self.card.rows.append(row | kept | {"paper": paper, "edition": before, "ref": f"e{row['ref']}"} | {
                name: f"e{kept[name]}" for name in ("compared_with", "of_figure", "less_figure") if kept[name]
            })  # fmt: skip
        self.card.relations += [one | {"paper": paper} for one in self.card.relations]

    def _relate(self, kind: str, measure: str, of_measure: str, less_measure: str = "") -> None:
        cells = (self.card.paper, kind, measure, of_measure, less_measure)
        self.card.relations.append(dict(zip(RELATION_HEADINGS, cells, strict=True)))
