"""An exception keeps its identity from month to month, and the ledger says how it stands, or how it went."""

from __future__ import annotations

from pathlib import Path

import pytest
from months import Authority, placement

from tests.postgres import postgres_url

__all__ = ["postgres_url"]

pytestmark = pytest.mark.usefixtures("small_policy")

POSTCODE = "placement-postcode-missing"
LATE = "placement-recorded-late"
BACKWARDS = "contract.cla_placements.end_date.future"
"""An end in 2099 is to be corrected; without it the placement is open, and the rule has nothing to ask."""


@pytest.fixture
def kent(tmp_path: Path) -> Authority:
    return Authority(tmp_path, (POSTCODE, BACKWARDS, LATE))


def without_postcode(*keys: str) -> list[dict[str, str]]:
    """Return the placements P1 to P4, of which some lack a postcode."""
    return [dict(placement(key, postcode="" if key in keys else "ME14 1XX")) for key in ("P1", "P2", "P3", "P4")]


def test_what_was_there_before_is_open_since_then_and_the_rest_is_new(kent: Authority) -> None:
    for period, keys in (("2016-06", ("P1", "P2")), ("2016-07", ("P2", "P3")), ("2016-08", ("P2", "P3", "P4"))):
        kent.run(period, *without_postcode(*keys))

    assert kent.states("2016-06", POSTCODE) == {"P1": ("2016-06-30", "open"), "P2": ("2016-06-30", "open")}
    assert kent.states("2016-07", POSTCODE) == {"P2": ("2016-06-30", "open"), "P3": ("2016-07-31", "new")}
    assert kent.states("2016-08", POSTCODE) == {
        "P2": ("2016-06-30", "open"),
        "P3": ("2016-07-31", "open"),
        "P4": ("2016-08-31", "new"),
    }
    assert kent.written(POSTCODE) == {"P1": ["open", "fixed"], "P2": ["open"], "P3": ["new"], "P4": ["new"]}


def test_a_ledger_in_postgresql_remembers_the_same(tmp_path: Path, postgres_url: str) -> None:
    kent = Authority(tmp_path, (POSTCODE,), ledger=postgres_url)
    for period, keys in (("2016-06", ("P1", "P2")), ("2016-07", ("P2", "P3")), ("2016-08", ("P1",))):
        kent.run(period, *without_postcode(*keys))
    assert kent.states("2016-08", POSTCODE) == {"P1": ("2016-06-30", "reopened")}
    written = {"P1": ["open", "fixed", "reopened"], "P2": ["open", "fixed"], "P3": ["new", "fixed"]}
    assert kent.written(POSTCODE) == written
    assert not (tmp_path / "ledger.sqlite").exists()


def test_what_is_wrong_again_is_reopened_and_counts_from_then(kent: Authority) -> None:
    for period, keys in (("2016-06", ("P1",)), ("2016-07", ("P2",)), ("2016-08", ("P1",)), ("2016-09", ("P1",))):
        kent.run(period, *without_postcode(*keys))
    assert kent.states("2016-08", POSTCODE) == {"P1": ("2016-06-30", "reopened")}
    assert kent.states("2016-09", POSTCODE) == {"P1": ("2016-06-30", "open")}
    assert kent.listed["2016-09", POSTCODE]["P1"]["days_open"] == 30


def test_the_same_month_again_gives_the_same(kent: Authority) -> None:
    kent.run("2016-07", *without_postcode("P1"))
    for _ in range(2):
        kent.run("2016-08", *without_postcode("P1", "P2"))
        assert kent.states("2016-08", POSTCODE) == {"P1": ("2016-07-31", "open"), "P2": ("2016-08-31", "new")}


def test_a_month_is_compared_with_what_was_known_of_it_then(kent: Authority) -> None:
    """June again, after July: what July found new is not known in June."""
    kent.run("2016-06", *without_postcode("P1"))
    kent.run("2016-07", *without_postcode("P1", "P2"))
    kent.run("2016-06", *without_postcode("P1", "P2"))
    assert kent.states("2016-06", POSTCODE) == {"P1": ("2016-06-30", "open"), "P2": ("2016-06-30", "new")}
    kent.run("2016-08", *without_postcode("P2"))
    assert kent.states("2016-08", POSTCODE) == {"P2": ("2016-07-31", "open")}


def test_another_authoritys_runs_are_not_compared(kent: Authority) -> None:
    Authority(kent.folder, authority="Medway").run("2016-07", *without_postcode("P1"))
    kent.run("2016-08", *without_postcode("P1", "P2"))
    assert kent.states("2016-08", POSTCODE) == {"P1": ("2016-08-31", "open"), "P2": ("2016-08-31", "open")}


def test_order_and_names_of_files_change_no_identity(kent: Authority) -> None:
    kent.run("2016-07", *without_postcode("P1", "P3"))
    kent.write("cla_placements", reversed(without_postcode("P1", "P3")), file="CLA Placements")
    kent.run("2016-08")
    assert kent.written(POSTCODE) == {"P1": ["open"], "P3": ["open"]}


@pytest.mark.parametrize(
    ("then", "state"),
    [
        ([placement("P1", end_date="01/06/2016")], "fixed"),
        ([placement("P1", end_date="")], "blanked"),
        ([placement("P2")], "vanished"),
        ([placement("P1", end_date="01/06/2099")], None),
    ],
)
def test_how_it_went_is_told_apart(kent: Authority, then: list[dict[str, str]], state: str | None) -> None:
    kent.run("2016-07", placement("P1", end_date="01/06/2099"), placement("P9"))
    assert set(kent.states("2016-07", BACKWARDS)) == {"P1"}
    kent.run("2016-08", *then, placement("P9"))
    assert kent.written(BACKWARDS) == {"P1": ["open", *([state] if state else [])]}


def test_what_left_a_rules_population_is_not_put_right(kent: Authority) -> None:
    """Of a placement for adoption the rule does not ask where it is."""
    kent.run("2016-07", placement("P1", postcode=""), placement("P9"))
    kent.run("2016-08", placement("P1", postcode="", placement_type="A3"), placement("P9"))
    found = kent.written(POSTCODE)["P1"]
    assert found == ["open", "out_of_scope"]
    kent.run("2016-09", placement("P1", postcode=""), placement("P9"))
    assert kent.states("2016-09", POSTCODE) == {"P1": ("2016-07-31", "open")}


def test_what_was_missing_and_is_there_was_put_right_whatever_else_changed(kent: Authority) -> None:
    """The postcode is known now, and the child placed for adoption, where nobody asks for it."""
    kent.run("2016-07", placement("P1", postcode=""), placement("P9"))
    kent.run("2016-08", placement("P1", postcode="ME14 1XX", placement_type="A3"), placement("P9"))
    assert kent.written(POSTCODE)["P1"] == ["open", "fixed"]


def test_what_is_no_longer_asked_because_time_has_passed_is_not_put_right(kent: Authority) -> None:
    """Entered late in May: in June nobody asks of that any more, and nobody has put it right."""
    kent.run("2016-05", placement("P1", recorded_on="27/05/2016"), placement("P2", recorded_on="27/05/2016"))
    assert set(kent.states("2016-05", LATE)) == {"P1", "P2"}
    kent.run("2016-06", placement("P1", recorded_on="27/05/2016"), placement("P2", recorded_on="03/05/2016"))
    assert kent.written(LATE) == {"P1": ["open", "out_of_scope"], "P2": ["open", "fixed"]}


def test_what_could_not_be_tested_is_not_put_right(kent: Authority) -> None:
    kent.run("2016-07", *without_postcode("P1"))
    (kent.folder / "extracts" / "cla_placements.csv").unlink()
    kent.write("teams", [{"team_id": "T1", "team_name": "North"}])
    kent.run("2016-08")
    assert kent.written(POSTCODE) == {"P1": ["open"]}
    kent.run("2016-09", *without_postcode("P1"))
    assert kent.states("2016-09", POSTCODE) == {"P1": ("2016-07-31", "open")}


def rule(kent: Authority, shipped: Path, change: tuple[str, str]) -> None:
    """Put a changed rule of the project's own in the place of the shipped one."""
    (path,) = (shipped / "rules").rglob(f"{POSTCODE}.yaml")
    own = kent.folder / path.relative_to(shipped)
    own.parent.mkdir(parents=True, exist_ok=True)
    text = path.read_text(encoding="utf-8")
    assert change[0] in text
    own.write_text(text.replace(*change, 1), encoding="utf-8")
    del kent.library


def test_other_words_change_nothing_and_another_meaning_begins_a_new_chapter(
    kent: Authority, small_policy: Path
) -> None:
    kent.run("2016-06", *without_postcode("P1", "P2"))
    rule(kent, small_policy, ("title: ", "title: In other words, "))
    kent.run("2016-07", *without_postcode("P1", "P2"))
    assert kent.written(POSTCODE) == {"P1": ["open"], "P2": ["open"]}
    rule(kent, small_policy, ("severity: error", "severity: query"))
    kent.run("2016-08", *without_postcode("P1"))
    assert kent.states("2016-08", POSTCODE) == {"P1": ("2016-08-31", "new")}
    assert kent.written(POSTCODE) == {"P1": ["open", "new"], "P2": ["open", "out_of_scope"]}


def test_a_retired_rule_fixes_nothing(kent: Authority, small_policy: Path) -> None:
    kent.run("2016-07", *without_postcode("P1"))
    rule(kent, small_policy, ("severity: error", "status: retired\nseverity: error"))
    kent.run("2016-08", *without_postcode())
    assert kent.written(POSTCODE) == {"P1": ["open", "out_of_scope"]}
