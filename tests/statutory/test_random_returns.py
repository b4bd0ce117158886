"""Random returns full of faults: every rule runs over them, and what differs from another validator is told apart."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from tests.statutory import random_903, random_cin
from tests.statutory.beside import Flagged, compared
from tests.statutory.returns import flagged_in

DAY = dt.date(2026, 3, 31)


def test_no_rule_of_ssda903_stops_at_a_return_full_of_faults(tmp_path: Path) -> None:
    random_903.write(tmp_path, 300, 7, 0.2)
    cells, not_run = flagged_in("ssda903", tmp_path, DAY, "E10000016")
    assert not not_run
    assert len(cells) > 200


def test_no_rule_of_the_census_stops_at_a_return_full_of_faults(tmp_path: Path) -> None:
    random_cin.write(tmp_path / "return.xml", 200, 7, 0.2, crooked=True)
    cells, not_run = flagged_in("cin", tmp_path / "return.xml", DAY)
    assert not not_run
    assert len(cells) > 80


def test_a_seed_makes_the_same_return_again(tmp_path: Path) -> None:
    for name in ("one", "two"):
        random_903.write(tmp_path / name, 50, 3, 0.1)
        random_cin.write(tmp_path / f"{name}.xml", 50, 3, 0.1)
    files = [path.relative_to(tmp_path / "one") for path in (tmp_path / "one").rglob("*.csv")]
    assert len(files) == 25
    assert all((tmp_path / "one" / file).read_bytes() == (tmp_path / "two" / file).read_bytes() for file in files)
    assert (tmp_path / "one.xml").read_bytes() == (tmp_path / "two.xml").read_bytes()


def test_a_difference_is_shown_unless_it_is_told_of() -> None:
    row, other = ("header", 0, ""), ("header", 1, "")
    theirs = Flagged({"101": {row}, "102": {row}, "103": {row}}, {"104": "raised: KeyError"})
    told = compared({"101": {row}, "102": {row, other}, "103": set(), "104": {row}}, theirs, {"103"})
    assert told == [
        "102: 1 by both, 1 here alone, 0 there alone: here [('header', 1, '')], there []",
        "103: 0 by both, 0 here alone, 1 there alone (told of)",
        "104: the other raised: KeyError; 1 here",
        "1 rules flag the same; 1 differ and are not told of.",
    ]
