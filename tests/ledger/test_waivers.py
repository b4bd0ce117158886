"""A waiver is bounded, approved by another, and dated; what it is about is shown as waived, and asks again after it."""

from __future__ import annotations

from pathlib import Path

import pytest
from command_line import Ended, dq_here
from months import Authority, placement

pytestmark = pytest.mark.usefixtures("small_policy")

POSTCODE = "placement-postcode-missing"


@pytest.fixture
def kent(tmp_path: Path) -> Authority:
    """Kent in July, with P1 and P2 without a postcode."""
    (tmp_path / "dq.yaml").write_text("authority: Kent\nscorecard: kent-scs\n", encoding="utf-8")
    kent = Authority(tmp_path, (POSTCODE,))
    month(kent, "2016-07", 2)
    return kent


def month(kent: Authority, period: str, faulty: int) -> dict[str, str]:
    """Run a month in which the first so many of four placements lack a postcode; return how they stand."""
    kent.run(period, *[placement(f"P{i}", postcode="" if i <= faulty else "ME14 1XX") for i in range(1, 5)])
    return {key: state for key, (_, state) in kent.states(period, POSTCODE).items()}


def waive(kent: Authority, *what: str, **options: str) -> Ended:
    said = {
        "why": "Protected address", "asked-by": "North", "approved-by": "Head of service", "until": "2099-12-31",
        **{name.replace("_", "-"): value for name, value in options.items()},
    }  # fmt: skip
    given = [part for name, value in said.items() for part in (f"--{name}", value)]
    return dq_here("waive", *what, *given, "--project", kent.folder)


def the_id(kent: Authority, key: str) -> str:
    return str(kent.listed["2016-07", POSTCODE][key]["exception_id"])


def test_one_exception_is_waived_until_it_is_taken_back(kent: Authority) -> None:
    ended = waive(kent, the_id(kent, "P1"))
    assert ended.code == 0, ended.err
    number = ended.out.split()[1].rstrip(",")
    assert month(kent, "2016-08", 2) == {"P1": "waived", "P2": "open"}
    assert "Protected address" in dq_here("waive", "--list", "--project", kent.folder).out
    assert dq_here("waive", "--end", number, "--why", "It is known now", "--project", kent.folder).code == 0
    assert month(kent, "2016-09", 2) == {"P1": "open", "P2": "open"}
    assert kent.written(POSTCODE)["P1"] == ["open", "waived", "open"]


def test_it_lapses_past_its_bound_and_asks_again(kent: Authority) -> None:
    assert waive(kent, "--rule", POSTCODE, at_most="2").code == 0
    assert month(kent, "2016-08", 2) == {"P1": "waived", "P2": "waived"}
    assert month(kent, "2016-09", 3) == {"P1": "lapsed", "P2": "lapsed", "P3": "lapsed"}
    assert month(kent, "2016-10", 1) == {"P1": "waived"}


def test_it_lapses_past_its_day(kent: Authority) -> None:
    assert waive(kent, "--rule", POSTCODE, at_most="9", until="31/12/2098").code == 0
    assert set(month(kent, "2098-12", 2).values()) == {"waived"}
    assert set(month(kent, "2099-01", 2).values()) == {"lapsed"}


def test_what_is_put_right_while_waived_is_fixed(kent: Authority) -> None:
    waive(kent, the_id(kent, "P1"))
    month(kent, "2016-08", 2)
    month(kent, "2016-09", 0)
    assert kent.written(POSTCODE) == {"P1": ["open", "waived", "fixed"], "P2": ["open", "fixed"]}


REFUSED: dict[str, tuple[tuple[str, ...], dict[str, str], str]] = {
    "no approver but the asker": (("--rule", POSTCODE), {"approved_by": "NORTH "}, "does not approve it"),
    "a day that has come": (("--rule", POSTCODE), {"until": "2016-01-01"}, "has come"),
    "of nothing": ((), {}, "of one exception, or of a rule"),
    "of an exception that is not": (("0123456789abcdef",), {}, "no open exception"),
    "of a rule that is not": (("--rule", "placement-postcode-missin"), {}, "Did you mean"),
    "of a team that is not": (("--rule", POSTCODE, "--team", "Nort"), {}, "Did you mean 'North'?"),
    "of no record": (("--rule", POSTCODE), {"at_most": "0"}, "of no record"),
    "for no reason": (("--rule", POSTCODE), {"why": " "}, "wants a reason"),
}


@pytest.mark.parametrize(("what", "options", "says"), REFUSED.values(), ids=REFUSED.keys())
def test_what_is_refused(kent: Authority, what: tuple[str, ...], options: dict[str, str], says: str) -> None:
    ended = waive(kent, *what, **options)
    assert (ended.code, says in ended.err) == (2, True), ended.said
    assert set(month(kent, "2016-08", 2).values()) == {"open"}
