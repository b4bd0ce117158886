"""Native tables of the Standard Safeguarding Dataset and Ofsted's lists, checked unchanged through `dq check`."""

from __future__ import annotations

import csv
import io
import re
import shutil
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import pytest
from command_line import dq_here
from extract_files import csv_bytes, write_files, xlsx_bytes
from messy import REPORTS, write_messy

from dq.library.folders import policy_root
from dq.library.mappings import load_mapping
from dq.library.policy import Library
from dq.sample import write_sample
from tests.sources.annex_a import annex_a

SETTINGS = "authority: North\nscorecard: plain\nperiod: 2016-08\nextracts: extracts\n"
THERE = {
    "yes_no": {"Y": "Yes", "N": "No"},
    "sex": {"1": "M", "2": "F"},
    "category_of_abuse": {"NEG": "Neglect", "PHY": "Physical Abuse", "SAB": "Sexual Abuse", "EMO": "Emotional Abuse"},
    "address_type": {"Home": "Primary Address"},
    "ethnicity": {"WBRI": "A1", "MWBC": "B1", "REFU": "E3", "NOBT": "E4"},
    "missing_type": {"M": "Missing", "A": "Absent"},
}
"""Code list → our code → what the dataset, or a system that holds it, writes for it."""


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sample") / "kent"
    write_sample("kent-2016-08", folder, seed=5, scale=0.02, defects=0.05)
    (folder / "truth.csv").unlink()
    # A label in place of a code is a fault with us, and the right answer in the dataset and the lists.
    plans = folder / "cp_plans.csv"
    plans.write_text(plans.read_text(encoding="utf-8").replace(",Neglect,", ",Neglected,"), encoding="utf-8")
    return folder


def exceptions(project: Path, settings: str = "", rules: str = "*") -> bytes:
    """Check a project and return the bytes of its exceptions."""
    (project / "dq.yaml").write_text(SETTINGS + settings, encoding="utf-8")
    ended = dq_here("check", project, "--rules", rules, "--out", project / "out", "-q")
    assert (ended.code, ended.said) == (0, "")
    return (project / "out" / "exceptions.csv").read_bytes()


def as_ssd(folder: Path, library: Library, sample: Path) -> None:
    """Write a sample's extracts as the dataset's own tables."""
    folder.mkdir(parents=True)
    for extract, contract in library.contracts.items():
        with (sample / f"{extract}.csv").open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        with (folder / f"{contract.source_table or extract}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(column.source or name for name, column in contract.columns.items())
            for row in rows:
                there = {name: THERE.get(column.codes or "", {}) for name, column in contract.columns.items()}
                writer.writerow(there[name].get(row[name], row[name]) for name in contract.columns)


@pytest.fixture(scope="module")
def ours(sample: Path, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    project = tmp_path_factory.mktemp("ours") / "north"
    shutil.copytree(sample, project / "extracts")
    return exceptions(project)


def test_native_tables_give_the_exceptions_of_our_own(
    library: Library, sample: Path, ours: bytes, tmp_path: Path
) -> None:
    as_ssd(tmp_path / "extracts", library, sample)
    assert exceptions(tmp_path, "mapping: ssd\n") == ours
    assert ours.count(b"\n") > 100, "there is something to find"


def test_without_the_mapping_the_answers_that_differ_are_flagged(
    library: Library, sample: Path, tmp_path: Path
) -> None:
    """Tables and headings need no mapping; the values do."""
    as_ssd(tmp_path / "extracts", library, sample)
    rows = csv.DictReader(io.StringIO(exceptions(tmp_path, rules="contract.*.codes").decode(), newline=""))
    assert {"contract.persons.sex.codes", "contract.cp_visits.seen.codes"} <= {row["rule_id"] for row in rows}


def as_reported(sample: Path, project: Path) -> Path:
    """Write of a sample what the reports hold, under our own names, and return the project's folder."""
    (project / "extracts").mkdir(parents=True)
    for extract, headed in REPORTS.values():
        columns = [column for column in headed.values() if column is not None]
        with (sample / f"{extract}.csv").open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        with (project / "extracts" / f"{extract}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, columns, extrasaction="ignore")
            writer.writeheader()
            writer.writerows(rows)
    return project


def test_messy_files_with_every_line_in_use_give_the_exceptions_of_our_own(sample: Path, tmp_path: Path) -> None:
    """What `dq init` proposes for files of other names is right, and reads them."""
    ours = exceptions(as_reported(sample, tmp_path / "ours"))
    write_messy(tmp_path / "messy", sample, REPORTS)
    assert dq_here("init", tmp_path / "north", "--from", tmp_path / "messy").code == 0
    written = tmp_path / "north" / "data" / "mappings" / "own.yaml"
    in_use = re.sub(r"(?m)^( *)# (\w+:)", r"\1\2", written.read_text(encoding="utf-8"))
    written.write_text(in_use, encoding="utf-8")
    settings = (tmp_path / "north" / "dq.yaml").read_text(encoding="utf-8")
    ended = dq_here("check", tmp_path / "north", "--period", "2016-08", "--out", tmp_path / "out", "-q")
    assert (ended.code, ended.said) == (0, "")
    assert "mapping: own" in settings
    assert (tmp_path / "out" / "exceptions.csv").read_bytes() == ours


# 13 has an ethnicity that no list knows, and was last seen on a day that is none; the plan of 21 ends before it starts;
# 22 has a category that is none; the placement of 31 is of no known type, at no postcode; 32 left care before coming.
LISTS: Mapping[str, bytes] = {
    "List_6.csv": csv_bytes(
        "Child Unique ID,Gender,Ethnicity,Date of Birth,CIN Start Date,Date Child Was Last Seen,Allocated Team",
        "11,a) Male,a) WBRI,01/02/2010,01/05/2016,09/08/2016,North",
        "12,b) Female,b) WIRI,03/04/2012,01/06/2016,,North",
        "13,a) Male,zz) NOSUCH,05/06/2014,01/07/2016,31/02/2016,South",
    ),
    "Child Protection.csv": csv_bytes(
        "Child Unique ID,Gender,Ethnicity,Date of Birth,Child Protection Plan Start Date,"
        "Child Protection Plan End Date,Initial Category of Abuse,Latest Category of Abuse,"
        "Date of the Last Statutory Visit,Was the Child Seen Alone?",
        "21,a) Male,a) WBRI,01/02/2011,01/03/2016,01/02/2016,a) Neglect,NEG,,",
        "22,b) Female,a) WBRI,01/02/2012,01/03/2016,,d) Emotional abuse,f) Unheard of,25/08/2016,a) Yes",
    ),
    "LAC.csv": csv_bytes(
        "Child Unique ID,Gender,Ethnicity,Date of Birth,Date Started to be Looked After,Child's Category of Need,"
        "Date Ceased to be Looked After,Reason Ceased to be Looked After,Start Date of Most Recent Placement,"
        "Placement Type,Placement Provider,Placement Postcode,Date of Last Social Work Visit,Placement Location",
        "12,Female,b) WIRI,03/04/2012,02/01/2016,N1,,,05/02/2016,U4: Foster carer,PR1,ME15 6XX,20/08/2016,IN",
        "31,a) Male,a) WBRI,07/08/2009,03/02/2014,N5,,,04/03/2014,R9) Nowhere,PR4,nowhere,19/08/2016,OUT",
        "32,b) Female,a) WBRI,07/08/2008,03/02/2016,N1,01/02/2016,E3,03/02/2016,U6,PR1,ME15 6XX,,IN",
    ),
}


def test_ofsteds_lists_are_read_as_they_are(tmp_path: Path) -> None:
    write_files(tmp_path / "extracts", LISTS)
    rows = csv.DictReader(io.StringIO(exceptions(tmp_path, "mapping: annex-a\n").decode(), newline=""))
    assert {(row["rule_id"], row["record_key"]) for row in rows} == {
        ("contract.persons.ethnicity.codes", "13"),
        ("contract.cin_visits.visit_date.readable", "13/31/02/2016"),
        ("contract.cin_visits.visit_date.required", "13/31/02/2016"),
        ("plan-dates-out-of-order", "21/01/03/2016"),
        ("contract.cp_plans.latest_category.codes", "22/01/03/2016"),
        ("contract.cla_placements.placement_type.codes", "31/04/03/2014"),
        ("placement-postcode-impossible", "31/04/03/2014"),
        ("episode-dates-out-of-order", "32/03/02/2016"),
        ("placement-dates-out-of-order", "32/03/02/2016"),
        ("placement-outside-care", "32/03/02/2016"),
    }
    with (tmp_path / "out" / "rules.csv").open(encoding="utf-8", newline="") as file:
        ended = {row["rule_id"]: (row["status"], row["reason"]) for row in csv.DictReader(file)}
    assert ended["move-without-reason"] == ("skipped", "no column cla_placements.change_reason")
    assert ended["no-home-address"] == ("skipped", "no extract addresses")
    assert ended["contract.persons.person_id.unique"][0] == "passed", "child 12 stands in two lists, and is one"


def test_of_every_record_in_ofsteds_lists_the_rules_say_what_they_say_in_the_sample(
    sample: Path, ours: bytes, tmp_path: Path
) -> None:
    """Whatever else the sample holds of a child, and the lists do not: a rule that needs it is not tested."""
    lists = annex_a(sample)
    write_files(tmp_path / "extracts", {"Annex A.xlsx": xlsx_bytes(lists.sheets)})
    theirs = exceptions(tmp_path, "mapping: annex-a\n")
    with (tmp_path / "out" / "rules.csv").open(encoding="utf-8", newline="") as file:
        ended = {row["rule_id"]: (row["status"], row["reason"]) for row in csv.DictReader(file)}
    tested = {rule for rule, (status, _) in ended.items() if status in ("passed", "flagged", "not_applicable")}

    expected: Counter[tuple[str, str]] = Counter()
    for row in csv.DictReader(io.StringIO(ours.decode(), newline="")):
        held = lists.keys[row["extract"]].get(row["record_key"])
        if held is not None and row["rule_id"] in tested:
            expected[row["rule_id"], held] += 1
    found: Counter[tuple[str, str]] = Counter()
    for row in csv.DictReader(io.StringIO(theirs.decode(), newline="")):
        if row["record_key"] in lists.keys[row["extract"]].values():
            found[row["rule_id"], row["record_key"]] += 1
    assert found == expected
    assert len({rule for rule, _ in expected}) > 20, "there is something to find"
    assert len([extract for extract, keys in lists.keys.items() if keys]) == 22, "in every extract that a list holds"

    assert len([rule for rule in tested if not rule.startswith("contract.")]) > 100
    assert {status for status, _ in ended.values()} == {"passed", "flagged", "not_applicable", "skipped"}
    assert all(reason for status, reason in ended.values() if status == "skipped")
    assert {rule: ended[rule] for rule in NOT_IN_A_LIST} == {
        rule: ("skipped", reason) for rule, reason in NOT_IN_A_LIST.items()
    }


NOT_IN_A_LIST = {
    "contact-decided-late": "no column contacts.decided_at",
    "no-care-plan": "no column care_plans.end_date, care_plans.start_date",
    "assessment-overdue": "no column assessments.referral_id",
    "no-allocated-worker": "no extract involvements",
    "adviser-missing": "no column care_leavers.adviser_id, care_leavers.status_date",
    "first-visit-late": "a list gives the latest alone",
    "review-overdue": "a list gives the latest alone",
    "referred-again-within-a-year": "a list goes back six months",
    "health-review-overdue-under-5": "of health checks a list tells the dental ones apart",
    "contract.contacts.contact_id.unique": "a list has no number for it, and the child and the day stand in its place",
}


def test_a_list_without_a_heading_holds_no_such_record(tmp_path: Path) -> None:
    """A list of an earlier year, or cut short, is read for what it has."""
    list_4 = csv_bytes("Child Unique ID,Gender,Date of Birth,Allocated Team", "11,a) Male,01/02/2010,North")
    write_files(tmp_path / "extracts", {"List 4.csv": list_4})
    exceptions(tmp_path, "mapping: annex-a\n", rules="assessment-*")
    with (tmp_path / "out" / "rules.csv").open(encoding="utf-8", newline="") as file:
        ended = {row["rule_id"]: (row["status"], row["reason"]) for row in csv.DictReader(file)}
    assert ended["assessment-seen-not-said"] == ("skipped", "no extract assessments")


def test_the_example_of_the_manual_is_a_mapping(library: Library, tmp_path: Path) -> None:
    manual = (policy_root() / "docs" / "project-file.md").read_text(encoding="utf-8")
    path = tmp_path / "data" / "mappings" / "own.yaml"
    path.parent.mkdir(parents=True)
    path.write_text(manual.split("```yaml\n# data/mappings/own.yaml\n")[1].split("```")[0], encoding="utf-8")
    layout = load_mapping([tmp_path], "own", library.contracts, library.code_lists)
    assert layout.extracts["cla_placements"].made_from == {"placement_id": ["person_id", "start_date"]}
