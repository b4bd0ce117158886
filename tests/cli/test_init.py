"""`dq init --from`: what is proposed for files of other names, what is put into use, and what is said of it."""

from __future__ import annotations

import csv
import re
from collections import Counter
from pathlib import Path

import pytest
from command_line import dq_here
from extract_files import csv_bytes, everything_under, write_files
from messy import NOTE, REPORTS, TABLES, Messy, write_messy

from dq.library.folders import policy_root
from dq.library.mappings import load_heading_words, load_mapping
from dq.library.policy import Library
from dq.sample import write_sample
from dq.sources.heading_words import Vocabulary
from dq.sources.look import look
from dq.sources.propose import ProposedTable, Proposer, Sureness
from dq.workspace import open_workspace


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sample") / "kent"
    write_sample("kent-2016-08", folder, seed=3, scale=0.02)
    return folder


def proposed(library: Library, folder: Path) -> tuple[ProposedTable, ...]:
    names = [name for contract in library.contracts.values() for name in (contract.name, contract.title)]
    names += [name for contract in library.contracts.values() for name in contract.columns]
    vocabulary = Vocabulary(load_heading_words([policy_root()]), names)
    with open_workspace() as workspace:
        return Proposer(library.contracts, library.code_lists, vocabulary).propose(look(workspace, folder))


@pytest.mark.parametrize(("messy", "least"), [(REPORTS, 0.95), (TABLES, 0.95)], ids=["reports", "tables"])
def test_most_headings_are_proposed_right_and_none_is_certain_and_wrong(
    messy: Messy, least: float, library: Library, sample: Path, tmp_path: Path
) -> None:
    write_messy(tmp_path / "messy", sample, messy)
    right: Counter[Sureness] = Counter()
    wrong: Counter[Sureness] = Counter()
    for table in proposed(library, tmp_path / "messy"):
        extract, headed = messy[table.table.name]
        assert table.extract == extract
        for column in table.columns:
            (right if column.column == headed[column.heading] else wrong)[column.sure] += 1
    assert sum(right.values()) >= least * sum(len(headed) for _, headed in messy.values())
    assert wrong[Sureness.CERTAIN] == wrong[Sureness.LIKELY] == 0


def test_files_of_our_own_names_need_nothing_more(sample: Path, tmp_path: Path) -> None:
    folder = tmp_path / "north"
    made = dq_here("init", folder, "--from", sample)
    assert (made.code, made.err) == (0, "")
    assert "Not certain" not in made.out
    assert "truth.csv: no extract" in made.out
    assert made.out.endswith(f"Then: dq run {folder}\n")
    ran = dq_here("check", folder, "--rules", "contract.teams.*")
    assert ran.code == 0, ran.said
    assert "17 of 17 extracts" in ran.out
    assert "31 Aug 2016" in ran.out, "the month is read from when things were recorded"


def test_what_is_not_certain_is_written_but_not_used(sample: Path, library: Library, tmp_path: Path) -> None:
    write_messy(tmp_path / "messy", sample, REPORTS)
    made = dq_here("init", tmp_path / "north", "--from", tmp_path / "messy")
    assert (made.code, made.err) == (0, "")
    assert "  whether Staff list.csv is workers\n" in made.out

    layout = load_mapping([tmp_path / "north"], "own", library.contracts, library.code_lists)
    written = (tmp_path / "north" / "data" / "mappings" / "own.yaml").read_text(encoding="utf-8")
    for name, (extract, headed) in REPORTS.items():
        assert layout.extracts[extract].tables == []
        assert f'# tables: ["{name}"]' in written
        for heading, column in headed.items():
            used = layout.extracts[extract].columns.get(column or "")
            assert used in {None, heading}, "what is in use is right"

    every = re.sub(r"(?m)^( *)# (\w+:)", r"\1\2", written)
    (tmp_path / "all" / "data" / "mappings").mkdir(parents=True)
    (tmp_path / "all" / "data" / "mappings" / "own.yaml").write_text(every, encoding="utf-8")
    whole = load_mapping([tmp_path / "all"], "own", library.contracts, library.code_lists)
    assert whole.extracts["workers"].tables == ["Staff list"]
    assert whole.extracts["persons"].values["sex"] == {"Male": "1", "Female": "2"}


def test_no_value_of_a_record_is_shown_or_stored(sample: Path, tmp_path: Path) -> None:
    write_messy(tmp_path / "messy", sample, TABLES)
    made = dq_here("init", tmp_path / "north", "--from", tmp_path / "messy")
    said = made.said + "".join(
        path.read_text(encoding="utf-8") for path in (tmp_path / "north").rglob("*") if path.is_file()
    )
    held = set()
    for path in (tmp_path / "messy").iterdir():
        with path.open(encoding="utf-8", newline="") as file:
            held |= {value for row in csv.DictReader(file) for value in row.values() if len(value) > 4}
    assert NOTE in held
    # "Male", "Female" and such are labels of our own lists, not read from the records.
    assert {value for value in held if value in said} <= {"Female"}


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({}, "this folder holds no file of records. Looked for"),
        ({"people.csv": csv_bytes("17,01/02/2010,F", "18,02/03/2011,M")},
         "people.csv:1: the first row holds values, not headings. Put a row of headings above it."),
        ({"people.csv": b""}, "people.csv"),
    ],
    ids=["no files", "no headings", "an empty file"],
)  # fmt: skip
def test_files_that_cannot_be_read_are_refused_and_nothing_is_made(
    files: dict[str, bytes], said: str, tmp_path: Path
) -> None:
    write_files(tmp_path / "files", files)
    ended = dq_here("init", tmp_path / "north", "--from", tmp_path / "files")
    assert (ended.code, ended.out) == (2, "")
    assert said in ended.err
    assert "17" not in ended.err
    assert not (tmp_path / "north").exists()


def test_a_project_is_never_overwritten(sample: Path, tmp_path: Path) -> None:
    dq_here("init", tmp_path / "north")
    before = everything_under(tmp_path / "north")
    ended = dq_here("init", tmp_path / "north", "--from", sample)
    assert ended.code == 2
    assert ended.err.startswith(f"dq: {tmp_path / 'north' / 'dq.yaml'}: there is a project here already.")
    assert everything_under(tmp_path / "north") == before


def test_an_address_is_refused_and_its_password_is_not_said(tmp_path: Path) -> None:
    ended = dq_here("init", tmp_path / "north", "--from", "postgresql://me:hidden@there/kent")
    assert ended.code == 2
    assert ended.err.startswith("dq: a database on a server cannot be looked at here. Give its address as 'extracts'")
    assert "hidden" not in ended.said
    assert not (tmp_path / "north").exists()


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    ended = dq_here("init", tmp_path / "north", "--from", tmp_path / "nowhere")
    assert ended.code == 2
    assert "there is no folder" in ended.err
