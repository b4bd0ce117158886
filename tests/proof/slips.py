"""One slip put into a scorecard that hung together: the kinds that proof-readers find, each where it would be made."""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction

from tests.proof.generated import Row, Scorecard, cut, rounded, value_of


@dataclass(frozen=True)
class Slip:
    """A paper with a slip in it, the figures at which it may be found, and what names it: any of rules, or of words."""

    kind: str
    card: Scorecard
    refs: frozenset[str]
    named: tuple[str, ...]


def slip(kind: str, card: Scorecard, rng: random.Random) -> Slip | None:
    """Put a slip of that kind into a copy of the paper; None where the paper has no figure for it."""
    copy = card.copy()
    made = KINDS[kind](copy, rng)
    return made and Slip(kind, copy, frozenset(made[0]), made[1])


OF_SUMS = (
    "units-exceed-their-total", "units-below-their-total", "parts-differ-from-their-total", "stock-differs-from-flow",
)  # fmt: skip
Made = tuple[set[str], tuple[str, ...]] | None
"""The figures at which a slip may be found; the rules or the words of a message that name it."""


def _numbers(row: Row, card: Scorecard) -> tuple[int, int] | None:
    """Return numerator and base of a printed figure, where the paper prints both or says of what a count is a share."""
    if row["ref"] not in card.exact or row["of_figure"] or row["unit"] not in ("percent", "number", "days"):
        return None
    if row["numerator"] and row["denominator"]:
        return int(row["numerator"]), int(row["denominator"])
    met, exact = row["count"], card.exact[row["ref"]]
    return (int(met), int(100 * int(met) / exact)) if met and exact else None


def _based(card: Scorecard, rng: random.Random) -> Iterator[tuple[Row, int, int]]:
    """Yield figures that can be worked out again, in random order."""
    for row in _shuffled(card, rng):
        if numbers := _numbers(row, card):
            yield row, *numbers


def _shuffled(card: Scorecard, rng: random.Random) -> list[Row]:
    rows = [row for row in card.rows if row["paper"] == card.paper]
    return rng.sample(rows, len(rows))


def _places(row: Row) -> int:
    return len(row["printed"].rstrip("%").partition(".")[2])


def _print(row: Row, text: str) -> None:
    row["printed"] = text + ("%" if row["printed"].endswith("%") else "")


def _is_slip(card: Scorecard, row: Row, text: str) -> bool:
    """Whether a number is not what a figure can be rounded to; half way, it may be up or down."""
    half = Fraction(1, 2 * 10 ** len(text.partition(".")[2]))
    return abs(Fraction(text) - card.exact[row["ref"]]) > half


def _neighbours(card: Scorecard, row: Row) -> list[Row]:
    """Return figures of the same table and month, nearest first."""
    place = {one["ref"]: i for i, one in enumerate(card.rows)}
    beside = [
        one for one in card.rows
        if one["ref"] != row["ref"] and _numbers(one, card)
        and all(one[name] == row[name] for name in ("paper", "table_name", "period", "unit"))
    ]  # fmt: skip
    return sorted(beside, key=lambda one: abs(place[one["ref"]] - place[row["ref"]]))


def swap_digits(text: str, rng: random.Random) -> str | None:
    """Return a number with two digits beside each other swapped, as nobody would see at once."""
    at = [i for i, sign in enumerate(text) if sign.isdigit()]
    ways = []
    for i, j in itertools.pairwise(at):
        signs = list(text)
        signs[i], signs[j] = signs[j], signs[i]
        told = "".join(signs)
        if told != text and not (told.startswith("0") and told[1:2].isdigit()):
            ways.append(told)
    return rng.choice(ways) if ways else None


def _digits_swapped(card: Scorecard, rng: random.Random) -> Made:
    for row, _, _ in _based(card, rng):
        told = swap_digits(row["printed"].rstrip("%"), rng)
        if told and _is_slip(card, row, told):
            _print(row, told)
            return {row["ref"]}, ("two digits are swapped",)
    return None


def _neighbours_figure(card: Scorecard, rng: random.Random) -> Made:
    for row, _, _ in _based(card, rng):
        for other in _neighbours(card, row)[:2]:
            told = other["printed"].rstrip("%")
            if _is_slip(card, row, told):
                _print(row, told)
                return {row["ref"]}, ("it is the figure of",)
    return None


def _with_others(card: Scorecard, rng: random.Random, which: int, named: str) -> Made:
    for row, *own in _based(card, rng):
        for other in _neighbours(card, row)[:4]:
            numbers = list(own)
            numbers[which] = (_numbers(other, card) or own)[which]
            exact = Fraction(numbers[0] * (100 if row["unit"] == "percent" else 1), numbers[1])
            told = rounded(exact, _places(row))
            if exact <= 200 and _is_slip(card, row, told):
                _print(row, told)
                return {row["ref"]}, (named,)
    return None


def _wrong_base(card: Scorecard, rng: random.Random) -> Made:
    return _with_others(card, rng, 1, "the base of")


def _wrong_numerator(card: Scorecard, rng: random.Random) -> Made:
    return _with_others(card, rng, 0, "the number of")


def _rounded_too_early(card: Scorecard, rng: random.Random) -> Made:
    for row, _, _ in _based(card, rng):
        exact, places = card.exact[row["ref"]], _places(row)
        ways = [rounded(Fraction(rounded(exact, places + 1)), places), cut(exact, places)]
        if places:
            ways.append(rounded(Fraction(rounded(exact, places - 1)), places))
        told = rng.choice(ways)
        if _is_slip(card, row, told):
            _print(row, told)
            return {row["ref"]}, ("rounded",)
    return None


def _point_misplaced(card: Scorecard, rng: random.Random) -> Made:
    for row, _, _ in _based(card, rng):
        value, places = value_of(row["printed"]), _places(row)
        if value:
            told = rounded(value / 10, places + 1) if rng.random() < 0.5 else rounded(value * 10, max(places - 1, 0))
            _print(row, told)
            return {row["ref"]}, ("the point is in the wrong place",)
    return None


def _others_share(card: Scorecard, rng: random.Random) -> Made:
    for row, _, _ in _based(card, rng):
        if row["unit"] == "percent":
            told = rounded(100 - card.exact[row["ref"]], _places(row))
            if _is_slip(card, row, told):
                _print(row, told)
                return {row["ref"]}, ("it is the share of those who do not",)
    return None


def _in_sums(card: Scorecard, rng: random.Random, unit: str) -> Iterator[tuple[str, ...]]:
    """Yield the sums all of whose figures are printed."""
    rows = {row["ref"]: row for row in card.rows}
    for refs in rng.sample(card.sums, len(card.sums)):
        if all(ref in card.exact and rows[ref]["unit"] == unit for ref in refs):
            yield refs


def _beside(card: Scorecard, ref: str) -> set[str]:
    """Return the figures of every sum that a figure is in."""
    return {other for refs in card.sums if ref in refs for other in refs}


def _off(row: Row, rng: random.Random) -> None:
    """Print another number: two digits swapped, or a few more or fewer."""
    value = int(value_of(row["printed"]))
    told = swap_digits(str(value), rng) if rng.random() < 0.5 else None
    row["printed"] = told or str(
        value + rng.choice([few for few in (-10, -3, -2, -1, 1, 2, 3, 10) if value + few >= 0])
    )


def _total_off(card: Scorecard, rng: random.Random) -> Made:
    for whole, *_ in _in_sums(card, rng, "count"):
        _off(card.row(whole), rng)
        return _beside(card, whole), OF_SUMS
    return None


def _part_off(card: Scorecard, rng: random.Random) -> Made:
    for _, *parts in _in_sums(card, rng, "count"):
        part = rng.choice(parts)
        _off(card.row(part), rng)
        return _beside(card, part), OF_SUMS
    return None


def _share_off(card: Scorecard, rng: random.Random) -> Made:
    for refs in _in_sums(card, rng, "percent"):
        row = card.row(rng.choice(refs))
        unit = Fraction(1, 10 ** _places(row))
        by = unit * (len(refs) + rng.randint(1, 30))
        _print(row, rounded(value_of(row["printed"]) + by, _places(row)))
        return set(refs), ("shares-differ-from-100",)
    return None


def _numerator_above_base(card: Scorecard, rng: random.Random) -> Made:
    for row, _, base in _based(card, rng):
        if row["unit"] == "percent":
            row["numerator" if row["numerator"] else "count"] = str(base + rng.randint(1, base))
            return {row["ref"]}, ("numerator-above-base", "count-above-base")
    return None


def _change_off(card: Scorecard, rng: random.Random) -> Made:
    for row in _shuffled(card, rng):
        if row["of_figure"] and {row["ref"], row["of_figure"], row["less_figure"]} <= set(card.exact):
            value, places = value_of(row["printed"]), _places(row)
            # A unit or two is what rounding the three figures explains.
            units = rng.choice((-1, 1)) * (rng.randint(1, 9) if row["unit"] == "count" else rng.randint(3, 30))
            row["printed"] = rounded(value + Fraction(units, 10**places), places)
            return {row["ref"]}, ("change-not-the-difference",)
    return None


def _arrow_wrong(card: Scorecard, rng: random.Random) -> Made:
    for row in _shuffled(card, rng):
        if row["arrow"] and row["compared_with"] in card.exact:
            signs = {"better", "worse", "same"} if row["arrow"] in ("better", "worse") else {"up", "down", "same"}
            row["arrow"] = rng.choice(sorted(signs - {row["arrow"]}))
            return {row["ref"]}, ("arrow-against-the-figures", "arrow-of-no-change", "arrow-between-equal-figures")
    return None


def _colour_wrong(card: Scorecard, rng: random.Random) -> Made:
    for row in _shuffled(card, rng):
        if row["rag"]:
            # Where no edge of amber is printed, nobody can tell amber from red.
            others = "GAR" if row["amber"] else "G" if row["rag"] in "AR" else "AR"
            row["rag"] = rng.choice(sorted(set(others) - {row["rag"]}))
            return {row["ref"]}, ("colour-against-the-bands",)
    return None


def _twins(card: Scorecard, rng: random.Random) -> Iterator[tuple[Row, Row]]:
    """Yield figures of the summary with the same figures in their own tables."""
    same = ("paper", "measure", "scope", "period", "span", "breakdown", "part", "unit")
    for row in _shuffled(card, rng):
        for other in card.rows:
            if (
                row["table_name"] == "Summary" != other["table_name"] and not other["of_figure"]
                and all(row[name] == other[name] for name in same) and {row["ref"], other["ref"]} <= set(card.exact)
            ):  # fmt: skip
                yield row, other


def _target_otherwise(card: Scorecard, rng: random.Random) -> Made:
    for row, other in _twins(card, rng):
        if row["target"]:
            row["target"] = rounded(value_of(row["target"]) + rng.choice((-5, -1, 2, 3)), 2)
            return {row["ref"], other["ref"]}, ("target-printed-otherwise",)
    return None


def _table_otherwise(card: Scorecard, rng: random.Random) -> Made:
    for row, other in _twins(card, rng):
        units = rng.choice((-1, 1)) * (1 if row["unit"] == "count" else 2) * rng.randint(1, 9)
        if value_of(row["printed"]) + Fraction(units, 10 ** _places(row)) >= 0:
            _print(row, rounded(value_of(row["printed"]) + Fraction(units, 10 ** _places(row)), _places(row)))
            return {row["ref"], other["ref"]}, ("figure-differs-between-tables",)
    return None


def _alike(card: Scorecard, row: Row, *names: str) -> list[Row]:
    return [
        one for one in card.rows if all(one[name] == row[name] for name in ("paper", "scope", "period", "span", *names))
    ]


def _base_otherwise(card: Scorecard, rng: random.Random) -> Made:
    for row in _shuffled(card, rng):
        if not row["population"] or not row["denominator"]:
            continue
        of_base = [one for one in _alike(card, row, "population", "part") if one["denominator"]]
        if len(of_base) > 1:
            row["denominator"] = str(int(row["denominator"]) + rng.randint(1, 9))
            return {one["ref"] for one in of_base}, ("base-differs-within-population",)
    return None


def _base_above_parent(card: Scorecard, rng: random.Random) -> Made:
    for row in _shuffled(card, rng):
        if row["measure"] != "HOMES" or not row["denominator"]:
            continue
        whole = [one for one in _alike(card, row) if one["measure"] == "TOUCH" and one["numerator"]]
        if whole:
            row["denominator"] = str(int(whole[0]["numerator"]) + rng.randint(1, 9))
            return {row["ref"], whole[0]["ref"]}, ("base-above-its-parent",)
    return None


def _left_blank(card: Scorecard, rng: random.Random) -> Made:
    names = ("table_name", "measure", "breakdown", "part", "unit", "span", "scope", "paper", "of_figure")
    for row in _shuffled(card, rng):
        if row["ref"] in card.exact and not row["of_figure"]:
            series = [one for one in card.rows if all(one[name] == row[name] for name in names)]
            if len(series) > 1:
                row["printed"] = ""
                return {row["ref"]}, ("figure-blank-among-others",)
    return None


def _restated(card: Scorecard, rng: random.Random) -> Made:
    rows = {row["ref"]: row for row in card.rows}
    for row in _shuffled(card, rng):
        earlier = rows.get(f"e{row['ref']}")
        if earlier and row["ref"] in card.exact and not row["of_figure"]:
            value, places = value_of(earlier["printed"]), _places(earlier)
            earlier["printed"] = rounded(value + Fraction(rng.randint(1, 9), 10**places), places)
            return {row["ref"]}, ("figure-restated",)
    return None


KINDS: dict[str, Callable[[Scorecard, random.Random], Made]] = {
    "two digits swapped": _digits_swapped,
    "a neighbouring row's figure": _neighbours_figure,
    "the base of another row": _wrong_base,
    "the numerator of another row": _wrong_numerator,
    "rounded too early": _rounded_too_early,
    "the point in the wrong place": _point_misplaced,
    "the share of those who do not": _others_share,
    "a total off": _total_off,
    "a part off": _part_off,
    "a share of a breakdown off": _share_off,
    "a numerator above its base": _numerator_above_base,
    "a change off": _change_off,
    "an arrow wrong": _arrow_wrong,
    "a colour wrong": _colour_wrong,
    "a target printed otherwise": _target_otherwise,
    "a figure printed otherwise in another table": _table_otherwise,
    "another base for one population": _base_otherwise,
    "a base above its parent": _base_above_parent,
    "a month left blank": _left_blank,
    "a month restated": _restated,
}
