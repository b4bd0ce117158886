"""Another layout's tables become ours: the same records, each row accounted for; and a faulty mapping is refused."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import pyarrow as pa
import pytest

from dq.library.folders import policy_root
from dq.library.mappings import load_heading_words, load_mapping
from dq.library.policy import Library
from dq.model import Mapping as Layout
from dq.problems import ProblemsError
from dq.sources.mapping import MappedTable, mapped_source, renames_only
from dq.sources.matching import match_headings
from dq.workspace import Workspace

Rows = Sequence[Sequence[str | None]]


def own(tmp_path: Path, library: Library, text: str) -> Layout:
    """Load a project's own mapping, given as the text below its title and source."""
    path = tmp_path / "data" / "mappings" / "own.yaml"
    path.parent.mkdir(parents=True)
    path.write_text(f"title: Own\nsource: Own\n{text}", encoding="utf-8")
    return load_mapping([policy_root(), tmp_path], "own", library.contracts, library.code_lists, rules=library.rules)


def read(
    workspace: Workspace, library: Library, layout: Layout, extract: str, tables: Mapping[str, Rows]
) -> tuple[list[dict[str, str | None]], tuple[int, ...]]:
    """Return an extract's records as the mapping reads them (columns without a value left out), and its counts."""
    mapping, contract = layout.of(extract), library.contracts[extract]
    assert mapping is not None
    mapped = []
    for table, (headings, *rows) in tables.items():
        columns = list(zip(*rows, strict=True)) or [[] for _ in headings]
        cells = {f"column {i}": pa.array(column, pa.string()) for i, column in enumerate(columns)}
        workspace.connection.register(table, pa.table(cells))
        names = [str(heading) for heading in headings]
        mapped.append(MappedTable(table, f'"{table}"', match_headings(contract, names, mapping)))
    source = mapped_source(contract, mapping, mapped)
    found = workspace.arrow(source.select).to_pylist()
    records = [{name: value for name, value in row.items() if value is not None} for row in found]
    return records, workspace.row(source.counts)


# --- the lists of Annex A --------------------------------------------------------------------------------

LIST_6: Rows = [
    ["Child Unique ID", "Gender", "Ethnicity", "Date of Birth", "CIN Start Date", "Date Child Was Last Seen"],
    ["11", "a) Male", "a) WBRI", "01/02/2010", "01/05/2016", "09/08/2016"],
    ["12", "b) Female", None, "03/04/2012", "01/06/2016", " "],
    ["13", "c) Not stated/recorded", "zz) NOSUCH", "05/06/2014", "01/07/2016", None],
]
LIST_8: Rows = [
    ["ChildUniqueID", "Gender", "Ethnicity", "Date of Birth", "Date Started to be Looked After",
     "Child's Category of Need", "Start Date of Most Recent Placement", "Placement Type", "Placement Provider",
     "Date of Last Social Work Visit", "Number of Placements"],
    ["12", "Female", "b) WIRI", "03/04/2012", "02/01/2016", "N1", "05/02/2016", "U4: Foster carer", "PR1", "01/08/2016",
     "2"],
    ["14", "1", "t) NOBT", "07/08/2009", "03/02/2014", "N5 - Family dysfunction", "04/03/2014", "r9) Nowhere", "pr4",
     "NULL", "1"],
    ["11", "b) Female", "WBRI", "01/02/2010", "04/04/2016", "N2", None, None, None, None, None],
]  # fmt: skip


@pytest.fixture(scope="module")
def annex_a(library: Library) -> Layout:
    return load_mapping([policy_root()], "annex-a", library.contracts, library.code_lists)


def test_a_child_in_several_lists_is_one_person(workspace: Workspace, library: Library, annex_a: Layout) -> None:
    records, counts = read(workspace, library, annex_a, "persons", {"List 6": LIST_6, "List 8": LIST_8})
    assert records == [
        {"person_id": "11", "dob": "01/02/2010", "sex": "1", "ethnicity": "WBRI"},
        {"person_id": "12", "dob": "03/04/2012", "sex": "2", "ethnicity": "WIRI"},
        {"person_id": "13", "dob": "05/06/2014", "sex": "c) Not stated/recorded", "ethnicity": "zz) NOSUCH"},
        {"person_id": "14", "dob": "07/08/2009", "sex": "1", "ethnicity": "NOBT"},
        {"person_id": "11", "dob": "01/02/2010", "sex": "2", "ethnicity": "WBRI"},
    ], "the lists do not agree on the sex of 11, so both rows stay, to be flagged"
    assert counts == (6, 0, 1)


def test_one_row_of_a_list_is_a_record_of_several_extracts(
    workspace: Workspace, library: Library, annex_a: Layout
) -> None:
    tables = {"List 8": LIST_8}
    episodes, episode_counts = read(workspace, library, annex_a, "cla_episodes", tables)
    placements, placement_counts = read(workspace, library, annex_a, "cla_placements", tables)
    visits, visit_counts = read(workspace, library, annex_a, "cla_visits", tables)
    assert episodes[1] == {
        "episode_id": "14/03/02/2014", "person_id": "14", "cla_id": "14/03/02/2014", "start_date": "03/02/2014",
        "start_reason": "S", "primary_need": "N5",
    }  # fmt: skip
    assert placements == [
        {"placement_id": "12/05/02/2016", "person_id": "12", "cla_id": "12/02/01/2016", "start_date": "05/02/2016",
         "placement_type": "U4", "provider": "PR1"},
        {"placement_id": "14/04/03/2014", "person_id": "14", "cla_id": "14/03/02/2014", "start_date": "04/03/2014",
         "placement_type": "r9) Nowhere", "provider": "PR4"},
    ]  # fmt: skip
    assert visits == [
        {"visit_id": "12/01/08/2016", "person_id": "12", "cla_id": "12/02/01/2016", "visit_date": "01/08/2016"}
    ]
    assert (episode_counts, placement_counts, visit_counts) == ((3, 0, 0), (3, 1, 0), (3, 2, 0))


def test_rows_without_a_key_are_never_made_one(workspace: Workspace, library: Library, annex_a: Layout) -> None:
    rows: Rows = [LIST_6[0], [None, "Male", None, None, None, None], [None, "Male", None, None, None, None]]
    records, counts = read(workspace, library, annex_a, "persons", {"List 6": rows})
    assert records == [{"sex": "1"}, {"sex": "1"}]
    assert counts == (2, 0, 0)


def test_a_letter_before_a_code_and_its_label_is_not_the_code(
    workspace: Workspace, library: Library, annex_a: Layout
) -> None:
    """The letters of a list are codes of the accommodation, too."""
    rows: Rows = [["Child Unique ID", "Type of Accommodation", "Activity Status"]]
    cells = [("b) C: Community home / residential care", "a) F1: At college"), ("C: Community home", "P2"), ("D", None)]
    listed = [*rows, *([str(i), *said] for i, said in enumerate(cells))]
    records, _ = read(workspace, library, annex_a, "care_leavers", {"List 9": listed})
    assert [(r.get("accommodation"), r.get("activity")) for r in records] == [("C", "F1"), ("C", "P2"), ("D", None)]


def test_the_lists_of_referrals_and_of_need_are_one(workspace: Workspace, library: Library, annex_a: Layout) -> None:
    list_3: Rows = [
        ["Child Unique ID", "Date of referral", "Referral Source", "Referral NFA?"],
        ["11", "01/05/2016", "q) 6: Police", "b) No"],
        ["14", "02/05/2016", "n) 5A: LA services", "a) Yes"],
    ]
    list_6: Rows = [
        ["Child Unique ID", "CIN Start Date", "Primary Need Code", "CIN Closure Date", "Reason for Closure"],
        ["11", "01/05/2016", "N1 - Abuse or neglect", "09/06/2016", "RC8 - Case closed"],
        ["12", "01/06/2012", "N2", None, None],
    ]
    records, counts = read(workspace, library, annex_a, "referrals", {"List 3": list_3, "List 6": list_6})
    assert records == [
        {"referral_id": "11/01/05/2016", "person_id": "11", "referral_date": "01/05/2016", "source": "6", "nfa": "N",
         "primary_need": "N1", "closed_date": "09/06/2016", "closed_reason": "RC8"},
        {"referral_id": "14/02/05/2016", "person_id": "14", "referral_date": "02/05/2016", "source": "5A", "nfa": "Y"},
        {"referral_id": "12/01/06/2012", "person_id": "12", "referral_date": "01/06/2012", "primary_need": "N2"},
    ]  # fmt: skip
    assert counts == (4, 0, 1)


def test_a_list_without_the_heading_that_makes_a_record_holds_none(
    workspace: Workspace, library: Library, annex_a: Layout
) -> None:
    records, counts = read(workspace, library, annex_a, "cin_visits", {"List 6": [row[:5] for row in LIST_6]})
    assert records == []
    assert counts == (3, 3, 0)


# --- what a mapping may say ------------------------------------------------------------------------------


def test_values_and_constants_and_tables_one_below_the_other(
    workspace: Workspace, library: Library, tmp_path: Path
) -> None:
    layout = own(
        tmp_path,
        library,
        "tables: {Old: [Old visits]}\n"
        "codes: {yes_no: {Oui: Y}}\n"
        "extracts:\n"
        "  cin_visits:\n"
        "    tables: [Old, New]\n"
        "    columns: {visit_date: [Day, Seen On]}\n"
        "    values: {seen: {'Yes, alone': Y, 0: N}}\n"
        "    fixed: {recorded_on: 31/08/2016}\n"
        "    by_table: {seen_alone: {New: Y}}\n",
    )
    tables = {
        "Old": [["Visit ID", "Day", "Seen"], ["V1", "01/08/2016", " yes, ALONE"], ["V1", "01/08/2016", "maybe"]],
        "New": [["Seen On", "Visit ID", "Seen"], ["2016-08-02", "V2", "0"], [None, "V3", "oui"]],
    }
    records, counts = read(workspace, library, layout, "cin_visits", tables)
    every = {"recorded_on": "31/08/2016"}
    assert records == [
        {"visit_id": "V1", "visit_date": "01/08/2016", "seen": "Y", **every},
        {"visit_id": "V1", "visit_date": "01/08/2016", "seen": "maybe", **every},
        {"visit_id": "V2", "visit_date": "2016-08-02", "seen": "N", "seen_alone": "Y", **every},
        {"visit_id": "V3", "seen": "Y", "seen_alone": "Y", **every},
    ]
    assert counts == (4, 0, 0)


def test_a_value_of_a_quote_and_a_semicolon_is_a_value(workspace: Workspace, library: Library, tmp_path: Path) -> None:
    said = """extracts: {persons: {values: {sex: {"'); drop table x; --": 1}}}}\n"""
    layout = own(tmp_path, library, said)
    rows: Rows = [["person_id", "sex"], ["1", "'); DROP TABLE x; --"], ["2", "'"]]
    records, _ = read(workspace, library, layout, "persons", {"persons": rows})
    assert records == [{"person_id": "1", "sex": "1"}, {"person_id": "2", "sex": "'"}]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("extracts: {persons: {columns: {dob: Born}}}", True),
        ("extracts: {persons: {tables: [Kids], columns: {dob: Born}}}", True),
        ("extracts: {persons: {values: {sex: {M: 1}}}}", False),
        ("codes: {sex: {M: 1}}", False),
        ("labelled: true", False),
        ("extracts: {persons: {distinct: true}}", False),
        ("extracts: {persons: {rows_with: dob}}", False),
        ("extracts: {persons: {fixed: {sex: 1}}}", False),
        ("extracts: {persons: {made_from: {person_id: [Number]}}}", False),
    ],
)
def test_what_only_renames_is_known(text: str, said: bool, tmp_path: Path, library: Library) -> None:
    assert renames_only(own(tmp_path, library, text).of("persons")) is said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("extract: {}", "own.yaml:3: unknown key 'extract'. Did you mean 'extracts'?"),
        ("extracts: {person: {}}", "own.yaml:3: there is no extract 'person'. Did you mean 'persons'?"),
        ("extracts:\n  persons:\n    column: {}", "own.yaml:5: unknown key 'column'. Did you mean 'columns'?"),
        ("extracts:\n  persons:\n    columns:\n      dbo: Born",
         "own.yaml:6: columns: persons has no column 'dbo'. Did you mean 'dob'?"),
        ("extracts:\n  persons:\n    made_from:\n      id: [A]\n",
         "own.yaml:6: made_from: persons has no column 'id'."),
        ("extracts:\n  persons:\n    rows_with: day", "own.yaml:5: rows_with: persons has no column 'day'."),
        ("extracts:\n  persons:\n    values:\n      sex:\n        M: M",
         "own.yaml:7: the code list 'sex' has no code 'M'."),
        ("extracts:\n  persons:\n    fixed:\n      sex: 3", "own.yaml:6: the code list 'sex' has no code '3'."),
        ("cannot_tell:\n  it has no days:\n    - care-without-end",
         "own.yaml:5: there is no rule 'care-without-end'."),
        ("codes:\n  sexes: {}", "own.yaml:4: there is no code list 'sexes'. Did you mean 'sex'?"),
        ("codes:\n  yes_no:\n    Ja: J", "own.yaml:5: the code list 'yes_no' has no code 'J'."),
        ("extracts:\n  persons:\n    columns: {sex: S}\n    fixed:\n      sex: 1",
         "own.yaml:7: 'sex' is given by columns and by fixed. Keep one."),
        ("extracts:\n  persons:\n    tables: [A]\n    by_table:\n      sex:\n        B: 1",
         "own.yaml:8: persons has no table 'B'. Known: A."),
    ],
)  # fmt: skip
def test_a_faulty_mapping_is_refused_at_its_line(text: str, said: str, tmp_path: Path, library: Library) -> None:
    with pytest.raises(ProblemsError) as refused:
        own(tmp_path, library, text)
    (problem,) = refused.value.problems
    assert said in str(problem)


def test_an_unknown_mapping_is_refused_with_the_nearest(library: Library, tmp_path: Path) -> None:
    with pytest.raises(ProblemsError) as refused:
        load_mapping([policy_root()], "annexa", library.contracts, library.code_lists, tmp_path / "dq.yaml")
    assert str(refused.value) == f"{tmp_path / 'dq.yaml'}: there is no mapping 'annexa'. Did you mean 'annex-a'?"


@pytest.mark.parametrize(
    "path", sorted((policy_root() / "data" / "mappings").glob("*.yaml")), ids=lambda path: path.stem
)
def test_every_mapping_that_ships_is_sound(path: Path, library: Library) -> None:
    layout = load_mapping([policy_root()], path.stem, library.contracts, library.code_lists, rules=library.rules)
    assert set(layout.extracts) == set(library.contracts)


def test_no_word_of_headings_means_two_things() -> None:
    words = load_heading_words([policy_root()])
    others = [other.lower() for many in words.values() for other in many]
    assert sorted(others) == sorted(set(others))
    assert not set(others) & {word.lower() for word in words}
