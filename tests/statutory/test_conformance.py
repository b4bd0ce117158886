"""Each rule of the statutory packs flags the rows that the reference's cases say, apart from agreed differences."""

from __future__ import annotations

import pytest

from dq.library.declared import datasets
from dq.library.folders import policy_root
from tests.statutory.conformance import PACKS, REFERENCE, agreed, cases_of, run_pack


@pytest.mark.parametrize("pack", PACKS)
def test_the_rows_flagged_are_those_of_the_cases(pack: str) -> None:
    if not (REFERENCE / pack / "cases").is_dir():
        pytest.skip("the reference's cases are not here")
    if pack not in datasets([policy_root()]):
        pytest.skip(f"there is no pack {pack} yet")
    outcomes = run_pack(pack)
    assert outcomes
    differing = [outcome.told() for outcome in outcomes if not outcome.agrees]
    assert not differing, "\n".join(differing)


@pytest.mark.parametrize("pack", PACKS)
def test_an_agreed_difference_is_one(pack: str) -> None:
    if not (REFERENCE / pack / "cases").is_dir():
        pytest.skip("the reference's cases are not here")
    given = {(case.code, case.number): case.flagged for case in cases_of(pack)}
    for named, flags in agreed(pack).items():
        assert named in given, f"there is no case {named}"
        assert flags != given[named], f"{named} is as given"
