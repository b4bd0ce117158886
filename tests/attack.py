"""An attack on figures shown outside: what can be worked back from all totals and differences there are.

It knows nothing of how figures were hidden: those shown are known, all others unknown, every total over units and every
difference between the whole and a part is an equation, and they are solved exactly, in fractions.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

Key = tuple[str, str]
"""(split, unit)."""
Equation = tuple[Key, tuple[Key, ...]]
"""A whole, and the parts that it is the sum of."""


def equations_of(teams: Mapping[str, str], splits: Sequence[str]) -> list[Equation]:
    """Return every total over units, and of every unit the whole as its splits and what each leaves."""
    areas = sorted(set(teams.values()))
    found: list[Equation] = []
    for split in ("all", *splits, *(f"not {split}" for split in splits)):
        found.append(((split, "A"), tuple((split, area) for area in areas)))
        found += [((split, area), tuple((split, team) for team, of in teams.items() if of == area)) for area in areas]
    for scope in ("A", *areas, *teams):
        found += [(("all", scope), ((split, scope), (f"not {split}", scope))) for split in splits]
    return found


def worked_out(known: Mapping[Key, int], equations: Sequence[Equation]) -> dict[Key, Fraction]:
    """Return every unknown count that the equations determine, by Gauss and Jordan's elimination in fractions."""
    unknown = sorted({key for whole, parts in equations for key in (whole, *parts)} - set(known))
    rows = []
    for whole, parts in equations:
        row, right = dict.fromkeys(unknown, Fraction(0)), Fraction(0)
        for key, sign in ((whole, 1), *((part, -1) for part in parts)):
            if key in known:
                right -= sign * known[key]
            else:
                row[key] += sign
        rows.append(([row[key] for key in unknown], right))
    place = 0
    for column in range(len(unknown)):
        pivot = next((i for i in range(place, len(rows)) if rows[i][0][column]), None)
        if pivot is None:
            continue
        rows[place], rows[pivot] = rows[pivot], rows[place]
        left, right = rows[place]
        left, right = [value / left[column] for value in left], right / left[column]
        rows[place] = (left, right)
        for i, (other, value) in enumerate(rows):
            if i != place and other[column]:
                times = other[column]
                rows[i] = ([a - times * b for a, b in zip(other, left, strict=True)], value - times * right)
        place += 1
    return {
        unknown[left.index(1)]: right for left, right in rows if sum(map(bool, left)) == 1 and 1 in left
    }  # fmt: skip
