"""The sample CIN census returns, as files: each rule flags the cells that the reference expects of it."""

from __future__ import annotations

import csv
import datetime as dt

import pytest
import yaml

from dq.library.load import load_library
from tests.statutory.conformance import AGREED, REFERENCE
from tests.statutory.returns import Cells, expected_cells, flagged_in

PACK = REFERENCE / "cin"
RETURNS = ("CIN_Census_2021", "CIN_Census_2026", "fake_CIN_data")
pytestmark = pytest.mark.skipif(not PACK.is_dir(), reason="the reference's sample returns are not here")


def codes() -> set[str]:
    """The rules of which the reference tells what they flag."""
    with (PACK / "index.csv").open(encoding="utf-8", newline="") as file:
        return {row["code"] for row in csv.DictReader(file) if row["cases_given"] == "yes"}


def agreed() -> set[str]:
    """The rules that rightly flag other cells of a return."""
    return set(map(str, yaml.safe_load(AGREED.read_text(encoding="utf-8"))["cin"]["returns"]))


@pytest.fixture(scope="module")
def flagged() -> dict[str, tuple[Cells, Cells]]:
    """Return → what our rules flag in it, and what they should."""
    extracts, both = load_library("cin").contracts, {}
    for name in RETURNS:
        found, not_run = flagged_in("cin", PACK / "fake_data" / f"{name}.xml", dt.date(2026, 3, 31))
        assert not not_run
        both[name] = found, expected_cells(PACK / f"expected_{name}.csv", extracts)
    return both


def differs(code: str, found: Cells, given: Cells) -> str:
    cells, wanted = found.get(code, set()), given.get(code, set())
    if code in given and not wanted:  # the return as a whole is flagged
        return "" if cells else f"{code} is not flagged"
    more, fewer = sorted(cells - wanted), sorted(wanted - cells)
    return f"{code}: {len(more)} too many, as {more[:3]}; {len(fewer)} missing, as {fewer[:3]}" if more or fewer else ""


@pytest.mark.parametrize("name", RETURNS)
def test_the_sample_returns(name: str, flagged: dict[str, tuple[Cells, Cells]]) -> None:
    told = [differs(code, *flagged[name]) for code in sorted(codes() - agreed())]
    assert not any(told), "\n".join(filter(None, told))


def test_an_agreed_difference_is_one(flagged: dict[str, tuple[Cells, Cells]]) -> None:
    differing = {code for code in agreed() if any(differs(code, *both) for both in flagged.values())}
    assert differing == agreed()
