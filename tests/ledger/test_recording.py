"""A run enters the ledger once its outputs are in place; what went wrong in between is found and said."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
from pathlib import Path

import openpyxl
import pytest
from command_line import Ended, dq_here
from kills import kill_and_look
from months import Authority, placement
from runs import records

from dq.ledger.store import open_ledger
from dq.ledger.verify import Verified, verify

pytestmark = pytest.mark.usefixtures("small_policy")

POSTCODE = "placement-postcode-missing"
SETTINGS = "authority: Kent\nscorecard: kent-scs\nextracts: extracts\n"


@pytest.fixture
def kent(tmp_path: Path) -> Authority:
    (tmp_path / "dq.yaml").write_text(SETTINGS, encoding="utf-8")
    return Authority(tmp_path, (POSTCODE,))


def publish(kent: Authority, period: str) -> Ended:
    ended = dq_here("run", kent.folder, "--period", period)
    assert ended.code == 1, ended.err
    return ended


def verified(kent: Authority) -> Verified:
    with open_ledger("sqlite:///ledger.sqlite", kent.folder, None) as ledger:
        return verify(ledger)


def states(file: Path) -> dict[str, str]:
    return {row["record_key"]: row["state"] for row in records(file) if row["rule_id"] == POSTCODE}


def test_a_run_enters_what_it_found_and_says_of_the_next_what_is_new(kent: Authority) -> None:
    kent.write("cla_placements", [placement("P1", postcode=""), placement("P2")])
    publish(kent, "2016-07")
    kent.write("cla_placements", [placement("P1", postcode=""), placement("P2", postcode="")])
    publish(kent, "2016-08")
    assert states(kent.folder / "out" / "2016-08" / "exceptions.csv") == {"P1": "open", "P2": "new"}
    assert kent.written(POSTCODE) == {"P1": ["open"], "P2": ["new"]}
    assert verified(kent).faults == ()

    kent.write("cla_placements", [placement("P2", postcode=""), placement("P3", postcode="")])
    assert dq_here("check", kent.folder, "--period", "2016-09", "--rules", POSTCODE).code == 0
    assert states(kent.folder / "check" / "2016-09" / "exceptions.csv") == {"P2": "open", "P3": "new"}
    assert kent.written(POSTCODE) == {"P1": ["open"], "P2": ["new"]}, "a check compares, and enters nothing"


def test_a_run_that_was_stopped_before_it_was_entered_is_said_once(kent: Authority) -> None:
    kent.write("cla_placements", [placement("P1")])
    publish(kent, "2016-07")
    (kent.folder / "ledger.sqlite").unlink()
    said = "Ledger  The outputs of 2016-07 are of a run that is not in the ledger: run it again."
    assert said in publish(kent, "2016-08").out
    assert "Ledger" not in publish(kent, "2016-08").out


def test_a_run_whose_outputs_cannot_take_their_place_enters_nothing(kent: Authority) -> None:
    kent.write("cla_placements", [placement("P1")])
    publish(kent, "2016-07")
    before = verified(kent).entries
    (kent.folder / "out" / "2016-08").mkdir()
    (kent.folder / "out" / "2016-08" / "mine.txt").write_text("mine", encoding="utf-8")
    assert dq_here("run", kent.folder, "--period", "2016-08").code == 2
    assert verified(kent).entries == before


def test_a_run_that_is_refused_makes_no_ledger(kent: Authority) -> None:
    kent.write("cla_placements", [placement("P1")])
    with (kent.folder / "extracts" / "cla_placements.csv").open("a", encoding="utf-8") as file:
        file.write("too,few\n")
    assert dq_here("run", kent.folder, "--period", "2016-08").code == 2
    assert not (kent.folder / "ledger.sqlite").exists()


def test_a_project_may_have_no_ledger(kent: Authority) -> None:
    (kent.folder / "dq.yaml").write_text(f"{SETTINGS}ledger: none\n", encoding="utf-8")
    kent.write("cla_placements", [placement("P1", postcode="")])
    publish(kent, "2016-07")
    publish(kent, "2016-08")
    assert states(kent.folder / "out" / "2016-08" / "exceptions.csv") == {"P1": "open"}
    assert not (kent.folder / "ledger.sqlite").exists()


MARKER = "QZMARKERQZ"
"""Stands in every cell that is no id."""


def test_nothing_that_a_record_holds_but_ids_is_kept(kent: Authority) -> None:
    everything = Authority(kent.folder)
    for name, contract in everything.library.contracts.items():
        ids = {contract.key, contract.person, contract.team}
        cells = {c: f"{c}-{{}}" if c in ids else f"{MARKER} {c}" for c in contract.columns}
        everything.write(name, [{c: text.format(i) for c, text in cells.items()} for i in range(3)])
    found = everything.run("2016-07")
    assert sum(result.flagged for result in found.findings.results) > 100
    everything.run("2016-08", placement("P1"))
    assert MARKER not in dump(kent.folder / "ledger.sqlite")


def dump(ledger: Path) -> str:
    with sqlite3.connect(ledger) as connection:
        text = "\n".join(connection.iterdump())
    connection.close()
    assert "INSERT INTO" in text
    return text


def test_a_workbook_comes_back_through_libreoffice_with_every_answer(kent: Authority) -> None:
    if shutil.which("soffice") is None:
        pytest.skip("there is no LibreOffice on this machine (no soffice)")
    kent.write("cla_placements", [placement(f"P{i}", postcode="") for i in range(20)])
    publish(kent, "2016-07")
    (sent,) = (kent.folder / "out" / "2016-07" / "teams").glob("*.xlsx")
    book = openpyxl.load_workbook(sent)
    sheet = book["To do"]
    place = {str(cell.value): cell.column for cell in sheet[4]}
    answered = range(5, sheet.max_row + 1)
    for row in answered:
        sheet.cell(row, place["Response"]).value = "Right as recorded"
        sheet.cell(row, place["Comment"]).value = f"So it is, “{row}” & Ärger <1>"
    book.save(kent.folder / "answered.xlsx")
    profile = f"-env:UserInstallation=file://{kent.folder}/office"
    saved = ["soffice", profile, "--headless", "--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", "saved"]
    subprocess.run([*saved, "answered.xlsx"], cwd=kent.folder, check=True, capture_output=True)

    ended = dq_here("respond", kent.folder / "saved" / "answered.xlsx", "--project", kent.folder)
    assert ended.code == 0, ended.err
    with sqlite3.connect(kent.folder / "ledger.sqlite") as connection:
        kept = {why for (why,) in connection.execute("SELECT why FROM response")}
    connection.close()
    assert kept == {f"So it is, “{row}” & Ärger <1>" for row in answered}


def test_a_program_killed_at_any_moment_leaves_whole_runs_and_answers_alone(tmp_path: Path, small_policy: Path) -> None:
    assert kill_and_look(tmp_path, kills=4, seed=1).startswith("4 kills")
