"""The gate from end to end: each cause that must stop a run stops it, in its words, and a sound one goes.

A missing extract is in ``test_absent`` and a crashed rule in ``test_failing``.
"""

from __future__ import annotations

import csv
import zipfile
from pathlib import Path

import pytest
import yaml
from command_line import Ended, dq_here
from made_once import made_once
from runs import Ran, changed, make_project, run

from tests.small_policy import EXTRACTS


@pytest.fixture(scope="module", autouse=True)
def policy(small_policy: Path) -> Path:
    return small_policy


def rows_of(project: Path, extract: str) -> list[list[str]]:
    with (project / "extracts" / f"{extract}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


@pytest.fixture(scope="module")
def sound(policy: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fiftieth of Kent, sound, that knows how many records each extract should hold."""

    def make(folder: Path) -> None:
        project = make_project(folder, "--scale", "0.02")
        sizes = {name: len(rows_of(project, name)) - 1 for name in EXTRACTS}
        settings = {name: [int(0.8 * rows), int(1.2 * rows) + 1] for name, rows in sizes.items()}
        with (project / "dq.yaml").open("a", encoding="utf-8") as file:
            file.write(yaml.safe_dump({"expected_rows": settings}, default_flow_style=None))

    return made_once(tmp_path_factory, "sound-for-the-gate", make)


def assert_stops(ran: Ran, reason: str) -> None:
    """Assert that a run stopped, and for this reason, wherever the decision is shown."""
    assert (ran.ended.code, ran.facts["gate"]["decision"]) == (1, "stop"), ran.ended.said
    assert any(said.startswith(reason) for said in ran.facts["gate"]["reasons"]), ran.facts["gate"]["reasons"]
    for page in ("index.html", "scorecard.html", "gate/index.html"):
        assert "Stop: do not publish these figures" in (ran.out / page).read_text(encoding="utf-8")
    assert "Gate: Stop: do not publish these figures" in ran.ended.out
    assert ran.facts["gate"]["caveat"] == ""


def test_a_sound_run_of_the_expected_size_goes_and_remembers_how_far_fields_are_filled_in(
    sound: Path, tmp_path: Path
) -> None:
    ran = run(changed(sound, tmp_path / "kent"))
    gate = ran.facts["gate"]
    assert (ran.ended.code, gate["decision"], gate["reasons"], gate["caveat"]) == (0, "go", [], "")
    assert all(check["passed"] for check in gate["checks"])
    said = {check["name"]: check["says"] for check in gate["checks"]}
    assert said["Every total agrees"] == "Every total agrees (4 of 4 totals)"
    (visits,) = [item for item in ran.facts["inputs"] if item["extract"] == "cin_visits"]
    assert visits["filled"]["visit_date"] == visits["filled"]["visit_id"] == visits["rows"] > 0
    assert visits["filled"]["seen"] == sum(bool(row[3]) for row in rows_of(ran.project, "cin_visits")[1:])


def test_half_of_an_extract_stops(sound: Path, tmp_path: Path) -> None:
    rows = rows_of(sound, "missing_episodes")
    half = rows[: 1 + len(rows) // 2]
    ran = run(changed(sound, tmp_path / "kent", rewritten={"missing_episodes.csv": half}))
    assert_stops(ran, f"1 extract is smaller than expected: missing_episodes ({len(half) - 1:,} records, at least")


def test_an_extract_of_last_month_stops(sound: Path, tmp_path: Path) -> None:
    head, *rows = rows_of(sound, "cin_visits")
    entered = head.index("recorded_on")
    old = [row for row in rows if "-".join(reversed(row[entered].split("/"))) < "2016-07-30"]
    ran = run(changed(sound, tmp_path / "kent", rewritten={"cin_visits.csv": [head, *old]}))
    assert_stops(ran, "1 extract is out of date: cin_visits (latest entry 29 Jul 2016)")


def test_more_errors_than_figures_can_bear_stop(sound: Path, tmp_path: Path) -> None:
    head, *rows = rows_of(sound, "persons")
    born = head.index("dob")
    blank = [[*row[:born], "", *row[born + 1 :]] for row in rows]
    ran = run(changed(sound, tmp_path / "kent", rewritten={"persons.csv": [head, *blank]}))
    assert_stops(ran, "There are ")
    said = [check["says"] for check in ran.facts["gate"]["checks"] if not check["passed"]]
    assert any("more than the 10 at which figures can no longer be relied on" in one for one in said)


ALONE = """\
title: Children in care who came alone
on: children_in_care
denominator: is_uasc
unit: count
polarity: none
period: snapshot
definition: Children in care at the month end who came alone.
source: A test
"""
TURNED_ROUND = """\
title: Children in care for each who came alone
ratio: {of: cla_count, per: cla_alone}
unit: percent
polarity: none
period: snapshot
definition: The share turned round, so that it is above 100%.
source: A test
"""
PAPER = """\
title: A paper with a slip
authority: Kent
edition: August 2016
source: A test
arrow: number
sections:
  - title: Care
    lines:
      - {indicator: cla_turned_round, number: "1", title: "% of children in care who came alone"}
"""


def test_a_scorecard_that_cannot_be_right_stops(sound: Path, tmp_path: Path) -> None:
    project = changed(sound, tmp_path / "kent")
    for name, text in {
        "reports/indicators/own/cla_alone.yaml": ALONE,
        "reports/indicators/own/cla_turned_round.yaml": TURNED_ROUND,
        "reports/scorecards/slip.yaml": PAPER,
    }.items():
        (project / name).parent.mkdir(parents=True, exist_ok=True)
        (project / name).write_text(text, encoding="utf-8")
    settings = (project / "dq.yaml").read_text(encoding="utf-8")
    (project / "dq.yaml").write_text(settings.replace("kent-scs", "slip"), encoding="utf-8")
    ran = run(project)
    assert_stops(ran, "Figures of the scorecard that cannot be right beside the others: ")


def overridden(sound: Path, folder: Path, word: str) -> tuple[Path, Ended]:
    project = changed(sound, folder, without="cp_plans.csv")
    return project, dq_here("run", project, "--out", project / "out", "--publish", "--override", word)


def test_a_stop_that_is_overridden_stays_a_stop_and_says_on_whose_word(sound: Path, tmp_path: Path) -> None:
    project, ended = overridden(sound, tmp_path / "kent", "Ann Lee: the plans were counted by hand")
    ran = Ran(project, project / "out", ended)
    gate = ran.facts["gate"]
    assert (ended.code, ended.err, gate["decision"]) == (0, "", "stop")
    assert gate["overridden"] == {"by": "Ann Lee", "because": "the plans were counted by hand"}
    assert gate["reasons"][0] == "1 extract is missing: cp_plans"
    assert gate["caveat"].startswith(
        "Published on the word of Ann Lee (the plans were counted by hand), although checks said stop: "
        "1 extract is missing: cp_plans; "
    )
    words = "Stopped; published on the word of Ann Lee: the plans were counted by hand"
    assert f"Gate: {words}" in ended.out
    for page in ("index.html", "scorecard.html", "gate/index.html", "published/scorecard.html"):
        text = (ran.out / page).read_text(encoding="utf-8")
        assert words in text, page
        assert gate["caveat"] in text, page
    for book in ("scorecard.xlsx", "published/scorecard.xlsx"):
        with zipfile.ZipFile(ran.out / book) as parts:
            texts = parts.read("xl/sharedStrings.xml").decode("utf-8")
        assert words in texts, book
        assert gate["caveat"] in texts, book


@pytest.mark.parametrize(
    ("word", "missing"), [(": late", "no name"), ("Ann Lee", "no reason"), ("Ann Lee: ", "no reason"), ("", "no name")]
)
def test_an_override_without_a_name_or_a_reason_is_refused(word: str, missing: str, sound: Path) -> None:
    ended = dq_here("run", sound, "--out", sound / "never", "--override", word)
    assert (ended.code, ended.out) == (2, "")
    assert ended.err.startswith(f"dq: --override gives {missing}.")
    assert not (sound / "never").exists()


LEAVE = """\
may_skip:
  - {rules: "placement-postcode-*", by: Ann Lee, because: the addresses of carers are kept elsewhere, until: UNTIL}
"""


@pytest.mark.parametrize(("until", "lapsed"), [("2016-08-31", False), ("2016-08-30", True)])
def test_leave_to_skip_rules_holds_until_its_day_and_is_shown(
    until: str, lapsed: bool, sound: Path, tmp_path: Path
) -> None:
    head, *rows = rows_of(sound, "cla_placements")
    place = head.index("postcode")
    without = [row[:place] + row[place + 1 :] for row in [head, *rows]]
    project = changed(sound, tmp_path / "kent", rewritten={"cla_placements.csv": without})
    with (project / "dq.yaml").open("a", encoding="utf-8") as file:
        file.write(LEAVE.replace("UNTIL", until))
    ran = run(project)
    skipped = "3 rules were skipped without leave, for want of an extract or column"
    said = [check["says"] for check in ran.facts["gate"]["checks"] if check["name"].startswith("No rule was skipped")]
    assert said[0].startswith(skipped) is lapsed
    (word,) = ran.facts["gate"]["words"]
    assert (word["kind"], word["by"]) == ("leave", "Ann Lee")
    state = "lapsed on 30 Aug 2016; 3 rules skipped all the same" if lapsed else "until 31 Aug 2016; 3 rules skipped"
    assert word["state"] == state
    for page in ("index.html", "gate/index.html"):
        text = (ran.out / page).read_text(encoding="utf-8")
        assert "the addresses of carers are kept elsewhere" in text
        assert state in text


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("may_skip: [{rules: placment-postcode-missing, by: A, because: b, until: 2017-01-01}]",
         "no rule is named like 'placment-postcode-missing'. Did you mean 'placement-postcode-missing'?"),
        ("confirmed: [{indicator: cin_sen, period: 2016-08, by: A, because: b}]",
         "the scorecard has no figure 'cin_sen'. Did you mean 'cin_seen'?"),
        ("confirmed: [{indicator: cin_seen, period: August, by: A, because: b}]", "'confirmed.0.period'"),
        ("confirmed: [{indicator: cin_seen, period: 2016-08, by: ' ', because: b}]", "'confirmed.0.by'"),
        ("may_skip: [{rules: '*', by: A, because: b}]", "'may_skip.0.until' is missing"),
    ],
)  # fmt: skip
def test_words_that_cannot_be_taken_are_refused_with_their_line(words: str, said: str, tmp_path: Path) -> None:
    (tmp_path / "extracts").mkdir()
    text = f"authority: Kent\nscorecard: kent-scs\nperiod: 2016-08\n{words}\n"
    (tmp_path / "dq.yaml").write_text(text, encoding="utf-8")
    ended = dq_here("run", tmp_path)
    assert ended.code == 2
    assert ended.err.startswith(f"dq: {tmp_path / 'dq.yaml'}:4: ")
    assert said in ended.err
