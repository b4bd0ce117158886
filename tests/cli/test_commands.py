"""The command line as its users meet it: help, refusals, exit codes, and what is left alone on the disk."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
import yaml
from command_line import Ended, dq, dq_here, python
from extract_files import csv_bytes, everything_under, write_files
from links import links
from small_policy import FIGURES

from dq.cli import commands

ROOT = Path(__file__).resolve().parents[2]
INDICATORS = set(FIGURES)

CELL = "QZMARKERQZ"
TEAMS = {"teams.csv": csv_bytes("team_id,team_name,parent_id", f"T1,{CELL},", "T2,South,T9")}
"""One small extract: T2 belongs to a team that is not there, which is an error; the other extracts are missing."""
CHECK = ("--period", "2016-08", "--rules", "contract.teams.*")


@pytest.fixture
def kent(tmp_path: Path) -> Path:
    return write_files(tmp_path / "kent", TEAMS)


def refused(ended: Ended, *parts: str) -> None:
    """Assert that a command was refused in words, on the error stream alone."""
    assert ended.code == 2, ended.said
    assert ended.out == ""
    for part in parts:
        assert part in ended.err
    assert "Traceback" not in ended.err


# --- help and near misses --------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["", *commands()])
@pytest.mark.parametrize("option", ["-h", "--help"])
def test_help_is_everywhere(name: str, option: str) -> None:
    ended = dq_here(*name.split(), option)
    assert (ended.code, ended.err) == (0, "")
    assert ended.out.startswith("Usage: ")
    assert "\x1b" not in ended.out


def test_the_command_runs_as_a_module_and_says_its_version(tmp_path: Path) -> None:
    from dq import __version__

    ended = dq("--version", cwd=tmp_path)
    assert (ended.code, ended.err) == (0, "")
    assert ended.out.split()[-1] == __version__


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        (("chek",), "check"),
        (("rules", "lst"), "list"),
        (("indicators", "shwo"), "show"),
        (("check", "--perod", "2016-08"), "one of: '--period"),
        (("demo", "--sede", "2"), "--seed"),
        (("rules", "show", "no-allocated-workr"), "no-allocated-worker"),
        (("indicators", "show", "cin_sen"), "cin_seen"),
        (("rules", "list", "placement-postcod"), "placement-postcode-"),
        (("rules", "test", "placement-postcod"), "placement-postcode-"),
        (("init", "somewhere", "--template", "kemt"), "kent"),
    ],
)
def test_a_near_miss_is_answered_with_what_was_meant(typed: tuple[str, ...], meant: str) -> None:
    refused(dq_here(*typed), f"Did you mean {meant}" if meant.startswith("one of") else f"Did you mean '{meant}")


def test_a_folder_misspelt_is_answered_with_the_one_that_is_there(kent: Path) -> None:
    refused(dq_here("check", kent.parent / "knet", *CHECK), "knet", "Did you mean 'kent'?")


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        (("sample",), "RECIPE"),
        (("sample", "kent-2016-08"), "--out"),
        (("sample", "surrey", "--out", "x"), "kent-2016-08"),
        (("sample", "kent-2016-08", "--out", "x", "--clean", "--defects", "0.1"), "cannot be given together"),
        (("sample", "kent-2016-08", "--out", "x", "--defects", "2"), "--defects"),
        (("rules", "show"), "RULE_ID"),
    ],
)
def test_a_command_not_whole_is_refused(typed: tuple[str, ...], says: str, tmp_path: Path) -> None:
    refused(dq(*typed, cwd=tmp_path), says)
    assert everything_under(tmp_path) == {}


# --- exit codes ------------------------------------------------------------------------------------------


def test_exit_0_a_check_that_ran_and_says_where_its_lists_are(kent: Path) -> None:
    ended = dq("check", "kent", *CHECK, cwd=kent.parent)
    assert (ended.code, ended.err) == (0, "")
    assert "Found   1 error and 0 queries" in ended.out
    assert str(Path("kent", "check", "2016-08", "exceptions.csv")) in ended.out
    assert "\x1b" not in ended.out
    assert "\r" not in ended.out
    assert max(map(len, ended.out.splitlines())) <= 100
    assert CELL not in ended.said


def test_quiet_says_nothing_when_nothing_is_wrong(kent: Path) -> None:
    ended = dq("check", "kent", *CHECK, "-q", cwd=kent.parent)
    assert (ended.code, ended.said) == (0, "")
    assert (kent / "check" / "2016-08" / "exceptions.csv").is_file()


def test_exit_1_the_gate_says_stop_and_quiet_does_not_hide_it(kent: Path) -> None:
    # A team with no name is an error like another, and has its page and workbook all the same.
    (kent / "teams.csv").write_bytes(csv_bytes("team_id,team_name,parent_id", f"T1,{CELL},", "T2,,T1"))
    ended = dq("run", "kent", "--period", "2016-08", "-q", cwd=kent.parent)

    assert (ended.code, ended.err) == (1, "")
    assert "Found   1 error" in ended.out
    assert "Stop" in ended.out.split("Gate: ")[1].splitlines()[0]
    assert "16 extracts are missing" in ended.out
    assert CELL not in ended.said
    out = kent / "out" / "2016-08"
    assert json.loads((out / "run.json").read_text(encoding="utf-8"))["gate"]["decision"] == "stop"
    assert {path.name for path in (out / "teams").iterdir()} >= {"T2.html", "T2.xlsx"}


@pytest.mark.parametrize("period", ["2016-13", "2016", "16-08", "0016-08", "August 2016", "2016-08-31", "-2016-08"])
def test_a_period_that_is_no_month_is_refused(period: str, kent: Path) -> None:
    refused(dq_here("check", kent, f"--period={period}"), period, "YYYY-MM")
    assert [path.name for path in kent.iterdir()] == ["teams.csv"]


def test_a_period_must_come_from_somewhere(kent: Path) -> None:
    refused(dq_here("check", kent), "no period is given", "--period YYYY-MM")


BROKEN = """
import sys
import dq.reports.data_files
import dq.run
from dq.cli import main

def broken(*_arguments, **_named):
    raise RuntimeError("the row held {cell}")

{place}.{broken} = broken
sys.argv = ["dq", "check", "kent", "--period", "2016-08", "--out", "out"]
main()
"""


@pytest.mark.parametrize(
    ("place", "broken"),
    [("dq.run", "load_folder"), ("dq.run", "check"), ("dq.reports.data_files", "write_data_files")],
)
def test_exit_3_an_internal_fault_says_where_and_quotes_nothing(place: str, broken: str, kent: Path) -> None:
    before = everything_under(kent.parent)
    ended = python(BROKEN.format(cell=CELL, place=place, broken=broken), cwd=kent.parent)

    assert (ended.code, ended.out) == (3, "")
    assert ended.err.startswith("dq: an internal fault (RuntimeError at run.py:")
    assert "Nothing was written" in ended.err
    assert CELL not in ended.err
    assert "Traceback" not in ended.err
    assert everything_under(kent.parent) == before


def test_who_looks_into_a_fault_may_see_all_of_it(kent: Path) -> None:
    program = "import os; os.environ['DQ_TRACEBACK'] = '1'\n" + BROKEN.format(cell=CELL, place="dq.run", broken="check")
    ended = python(program, cwd=kent.parent)
    assert ended.code == 3
    assert "Traceback" in ended.err
    assert CELL in ended.err


# --- what is left alone ----------------------------------------------------------------------------------


@pytest.mark.parametrize("command", [("check", *CHECK), ("run", "--period", "2016-08")], ids=["check", "run"])
def test_a_folder_of_other_files_is_refused_and_left_alone(command: tuple[str, ...], kent: Path) -> None:
    write_files(kent.parent / "minutes", {"minutes.docx": b"of a meeting"})
    before = everything_under(kent.parent)
    refused(dq(*command, "kent", "--out", "minutes", cwd=kent.parent), "minutes", "no run wrote")
    assert everything_under(kent.parent) == before


def test_a_run_json_of_something_else_does_not_make_a_folder_ours(kent: Path) -> None:
    write_files(
        kent.parent / "other", {"run.json": b'{"scripts": {"start": "node ."}}', "minutes.docx": b"of a meeting"}
    )
    before = everything_under(kent.parent)
    refused(dq_here("check", kent, *CHECK, "--out", kent.parent / "other"), "other")
    assert everything_under(kent.parent) == before


def test_a_web_site_is_not_overwritten_by_the_pages_of_rules(tmp_path: Path) -> None:
    write_files(tmp_path / "site", {"index.html": b"<h1>Our allotment</h1>", "plan.pdf": b"of the allotment"})
    before = everything_under(tmp_path)
    refused(dq_here("rules", "docs", "--out", tmp_path / "site"), "site")
    assert everything_under(tmp_path) == before


def test_an_out_that_is_a_file_is_refused(kent: Path) -> None:
    (kent.parent / "out").write_bytes(b"a file")
    refused(dq_here("check", kent, *CHECK, "--out", kent.parent / "out"), "is a file")
    assert (kent.parent / "out").read_bytes() == b"a file"


def test_init_makes_a_project_once(tmp_path: Path) -> None:
    made = dq("init", "kent", "--template", "kent", cwd=tmp_path)
    assert (made.code, made.err) == (0, "")
    before = everything_under(tmp_path)
    assert {"kent/dq.yaml", "kent/extracts"} <= {str(Path(name)) for name in before}

    refused(dq("init", "kent", cwd=tmp_path), "dq.yaml", "there is a project here already")
    assert everything_under(tmp_path) == before


@pytest.mark.parametrize("template", ["kent", "blank"])
def test_a_new_project_opens(template: str, tmp_path: Path) -> None:
    dq_here("init", tmp_path / "new", "--template", template)
    (tmp_path / "new" / "extracts" / "teams.csv").write_bytes(TEAMS["teams.csv"])
    assert dq_here("check", tmp_path / "new", *CHECK, "-q") == Ended(0, "", "")


def test_the_demonstration_does_not_take_the_place_of_a_projects_extracts(tmp_path: Path) -> None:
    """An authority's own project has a dq.yaml too; its extracts may be the only copy there is."""
    dq_here("init", tmp_path / "kent", "--template", "kent")
    (tmp_path / "kent" / "extracts" / "teams.csv").write_bytes(TEAMS["teams.csv"])
    before = everything_under(tmp_path)
    refused(dq_here("demo", "--out", tmp_path / "kent"), "kent")
    assert everything_under(tmp_path) == before


@pytest.mark.parametrize("command", [("demo",), ("sample", "kent-2016-08")], ids=["demo", "sample"])
def test_a_sample_is_not_made_among_other_files(command: tuple[str, ...], tmp_path: Path) -> None:
    write_files(tmp_path / "minutes", {"minutes.docx": b"of a meeting"})
    before = everything_under(tmp_path)
    refused(dq_here(*command, "--out", tmp_path / "minutes"), "minutes", "other")
    assert everything_under(tmp_path) == before


# --- the libraries ---------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def rule_files(policy: Path) -> list[Path]:
    """The files of rules in the part of the policy."""
    return sorted((policy / "rules" / "casework").rglob("*.yaml"))


def test_rules_are_listed_as_their_files_are(rule_files: list[Path]) -> None:
    ended = dq_here("rules", "list", "--json")
    listed = json.loads(ended.out)
    assert (ended.code, ended.err) == (0, "")
    assert {rule["id"] for rule in listed} == {path.stem for path in rule_files}
    for rule in listed:
        declared = yaml.safe_load(next(path for path in rule_files if path.stem == rule["id"]).read_bytes())
        for key in ("title", "severity", "dimension", "expect", "fields"):
            assert rule[key] == declared[key], rule["id"]


def test_the_list_for_people_names_the_same_rules_in_100_columns(rule_files: list[Path]) -> None:
    ended = dq_here("rules", "list")
    assert {word for line in ended.out.splitlines() for word in line.split()} >= {path.stem for path in rule_files}
    assert max(map(len, ended.out.splitlines())) <= 100
    assert f"{len(rule_files)} rules" in ended.out


def test_a_pattern_fits_a_topic_or_an_id(rule_files: list[Path]) -> None:
    by_topic = {path.stem for path in rule_files if path.parent.name.startswith("placement")}
    by_id = {path.stem for path in rule_files if path.stem.startswith("placement")}
    assert by_topic - by_id, "a case in which the two differ"
    listed = json.loads(dq_here("rules", "list", "placement*", "--json").out)
    assert {rule["id"] for rule in listed} == by_topic | by_id


def test_contract_rules_are_listed_when_asked_for(rule_files: list[Path]) -> None:
    ids = {rule["id"] for rule in json.loads(dq_here("rules", "list", "--contracts", "--json").out)}
    assert {
        "contract.teams.team_id.unique",
        "contract.persons.dob.range",
        "contract.cp_visits.cp_plan_id.references",
    } <= ids
    assert {path.stem for path in rule_files} <= ids


def test_limits_are_listed_with_their_values() -> None:
    declared = yaml.safe_load((ROOT / "data" / "casework" / "thresholds.yaml").read_bytes())
    lines = [line.split() for line in dq_here("rules", "list", "--thresholds").out.splitlines() if line.startswith(":")]
    assert {line[0]: float(line[1]) for line in lines} == {f":{n}": limit["value"] for n, limit in declared.items()}


@pytest.mark.parametrize("rule", ["no-allocated-worker", "contract.persons.dob.range"])
def test_a_rule_is_shown_in_full(rule: str) -> None:
    shown = dq_here("rules", "show", rule)
    facts = json.loads(dq_here("rules", "show", rule, "--json").out)
    assert (shown.code, shown.err) == (0, "")
    assert facts["id"] == rule
    assert facts["title"] in shown.out
    for heading in ("What must hold", "Why it matters", "How to put it right", "Reads"):
        assert heading in shown.out


def test_examples_are_run_and_counted() -> None:
    path = ROOT / "rules" / "casework" / "cases" / "no-allocated-worker.yaml"
    count = len(yaml.safe_load(path.read_bytes())["examples"])
    ended = dq("rules", "test", "no-allocated-worker")
    assert (ended.code, ended.err) == (0, "")
    assert ended.out == f"{count} examples of 1 rules and indicators, 0 disagree\n"


def test_a_page_is_written_for_every_rule_and_indicator_and_its_links_lead_somewhere(
    rule_files: list[Path], tmp_path: Path
) -> None:
    ended = dq("rules", "docs", cwd=tmp_path)
    assert (ended.code, ended.err) == (0, "")
    written = {path.stem for path in (tmp_path / "rule-pages").rglob("*.html")}
    assert {path.stem for path in rule_files} | INDICATORS <= written
    assert ended.out.startswith(f"{ended.out.split()[0]} pages in ")
    followed, broken = links(tmp_path / "rule-pages")
    assert followed > 4 * len(written), "each page leads to a few others"
    assert broken == []
    again = dq_here("rules", "docs", "--out", tmp_path / "rule-pages")
    assert (again.code, again.err) == (0, ""), "its own pages may be written anew"


def test_indicators_are_listed_and_shown() -> None:
    listed = json.loads(dq_here("indicators", "list", "--json").out)
    assert {indicator["id"] for indicator in listed} == INDICATORS
    assert {indicator["id"] for indicator in listed} <= set(dq_here("indicators", "list").out.split())
    shown = dq_here("indicators", "show", "cin_seen").out
    for heading in ("Definition", "Denominator", "Numerator", "Rules that feed it"):
        assert heading in shown


def test_limits_are_listed_by_a_pattern_of_their_names() -> None:
    listed = [line.split()[0] for line in dq_here("rules", "list", "*visit_days", "--thresholds").out.splitlines()[:-2]]
    assert ":cin_visit_days" in listed
    assert all(name.endswith("visit_days") for name in listed)
    refused(dq_here("rules", "list", "cin_visits_days", "--thresholds"), "Did you mean 'cin_visit_days'?")


# --- check --rules ---------------------------------------------------------------------------------------


def rules_run(folder: Path) -> set[str]:
    with (folder / "rules.csv").open(encoding="utf-8", newline="") as file:
        return {row["rule_id"] for row in csv.DictReader(file)}


def test_check_keeps_to_the_rules_asked_for(kent: Path, rule_files: list[Path]) -> None:
    ended = dq("check", "kent", "--period", "2016-08", "--rules", "placement*", "--out", "out", cwd=kent.parent)
    assert (ended.code, ended.err) == (0, "")
    asked = [path for path in rule_files if "placement" in (path.parent.name[:9], path.stem[:9])]
    declared = {path.stem: yaml.safe_load(path.read_bytes()) for path in asked}
    assert rules_run(kent.parent / "out") == {
        name for name, rule in declared.items() if rule.get("status", "active") == "active"
    }


def test_check_leaves_out_the_rules_named_with_an_exclamation_mark(kent: Path) -> None:
    found = {}
    for pattern in ("contract.teams.*", "!contract.teams.*", "*"):
        out = kent.parent / str(len(found))
        assert dq_here("check", kent, "--period", "2016-08", "--rules", pattern, "--out", out).code == 0
        found[pattern] = rules_run(out)
    assert found["contract.teams.*"]
    assert found["!contract.teams.*"] == found["*"] - found["contract.teams.*"]
    refused(dq_here("check", kent, "--period", "2016-08", "--rules", "!*"), "every rule fits '*'")


def test_check_refuses_a_pattern_no_rule_fits(kent: Path) -> None:
    refused(dq_here("check", kent, "--period", "2016-08", "--rules", "plasement-postcode-missing"), "Did you mean")
    assert [path.name for path in kent.iterdir()] == ["teams.csv"]
