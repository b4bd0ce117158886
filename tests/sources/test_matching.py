"""A heading is known whatever its case and marks; a mapping comes before our own name, and that before the national."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dq.model import Contract, ExtractMapping
from dq.problems import ProblemsError
from dq.sources.matching import find_table, find_tables, match_headings

CONTRACT = Contract.model_validate(
    {
        "name": "stays",
        "title": "Stays",
        "one_row": "a stay",
        "key": "stay_id",
        "source_table": "ssd_stays",
        "columns": {
            "stay_id": {"type": "text", "label": "Stay ID", "required": True, "from": "stay_table_id"},
            "person_id": {"type": "text", "label": "Person ID", "from": "stay_person_id"},
            "start_date": {"type": "date", "label": "first day", "from": "stay_stay_start_date"},
            "recorded_on": {"type": "date", "label": "date recorded", "local": True},
        },
    }
)
COLUMNS = ("stay_id", "person_id", "start_date", "recorded_on")


@pytest.mark.parametrize(
    "heading",
    [
        "person_id", "PERSON_ID", "Person Id", "PersonID", "personId", "person-id", " Person  ID ", "\ufeffPerson ID",
        "Person\u00a0ID", "stay_person_id", "Stay Person Id",
    ],
)  # fmt: skip
def test_a_heading_is_known_however_it_is_written(heading: str) -> None:
    matched = match_headings(CONTRACT, ["Stay ID", heading])
    assert matched.columns == {"stay_id": 0, "person_id": 1}
    assert matched.unknown == ()
    assert matched.missing == ("start_date", "recorded_on")


@pytest.mark.parametrize("heading", ["person", "person_ids", "person id 2", "id", "pers_person_id"])
def test_a_heading_that_is_only_alike_is_not_taken(heading: str) -> None:
    matched = match_headings(CONTRACT, [heading])
    assert matched.columns == {}
    assert matched.unknown == (heading,)


@given(
    st.permutations(COLUMNS),
    st.lists(st.sampled_from([str.upper, str.title, str.lower]), min_size=4, max_size=4),
    st.lists(st.sampled_from(["", " ", "-", "_", "\u00a0", "__"]), min_size=4, max_size=4),
)
def test_neither_order_nor_writing_matters(order: list[str], cases: list, marks: list[str]) -> None:
    headings = [case(name).replace("_", mark) for name, case, mark in zip(order, cases, marks, strict=True)]
    matched = match_headings(CONTRACT, headings)
    assert {column: order[place] for column, place in matched.columns.items()} == {name: name for name in COLUMNS}
    assert matched.unknown == matched.missing == ()


def test_our_own_name_comes_before_the_national_one() -> None:
    matched = match_headings(CONTRACT, ["stay_stay_start_date", "start_date"])
    assert matched.columns == {"start_date": 1}
    assert matched.unknown == ("stay_stay_start_date",)


def test_a_mapping_comes_before_our_own_name() -> None:
    mapping = ExtractMapping(columns={"start_date": ["Moved In", "Came"]})
    assert match_headings(CONTRACT, ["start date", "CAME"], mapping).columns == {"start_date": 1}
    assert match_headings(CONTRACT, ["start date"], mapping).columns == {"start_date": 0}


@pytest.mark.parametrize(
    ("headings", "mapping", "column", "both"),
    [
        (["Person ID", "person_id"], None, "person_id", ("Person ID", "person_id")),
        (["stay_id", "Stay Person ID", "STAY-PERSON-ID"], None, "person_id", ("Stay Person ID", "STAY-PERSON-ID")),
        (["Came", "Moved In"], ExtractMapping(columns={"start_date": ["Moved In", "Came"]}), "start_date",
         ("Came", "Moved In")),
    ],
)  # fmt: skip
def test_two_headings_for_one_column_are_refused(
    headings: list[str], mapping: ExtractMapping | None, column: str, both: tuple[str, str]
) -> None:
    with pytest.raises(ProblemsError) as refused:
        match_headings(CONTRACT, headings, mapping, Path("stays.csv"))
    assert str(refused.value) == (
        f"stays.csv:1: two headings fit the column '{column}': '{both[0]}' and '{both[1]}'. "
        "Keep one, or say which in a mapping (docs/project-file.md)."
    )


def test_columns_a_mapping_makes_up_are_not_missing() -> None:
    mapping = ExtractMapping(
        columns={"person_id": "Child"},
        made_from={"stay_id": ["person_id", "From"], "start_date": ["To"]},
        fixed={"recorded_on": "2016-08-31"},
        aside=["Notes"],
    )
    matched = match_headings(CONTRACT, ["From", "Child", "Notes", "Mood"], mapping)
    assert matched.columns == {"person_id": 1}
    assert matched.made == {"stay_id": (1, 0), "recorded_on": ()}
    assert matched.missing == ("start_date",), "it would be made from a heading that is not there"
    assert matched.unknown == ("Mood",)
    assert set(matched.arrived) == {"person_id", "stay_id", "recorded_on"}


@pytest.mark.parametrize(
    ("names", "found"),
    [
        (["persons", "Stays"], "Stays"),
        (["SSD_Stays", "other"], "SSD_Stays"),
        (["ssd stays", "stays"], "stays"),
        (["stays 2016", "stay"], None),
        ([], None),
    ],
)
def test_a_table_is_found_by_its_own_or_its_national_name(names: list[str], found: str | None) -> None:
    assert find_table("stays", CONTRACT, names) == found


def test_a_mapping_says_which_tables_hold_an_extract() -> None:
    mapping = ExtractMapping(tables=["List 7", "List 8"], called={"List 8": ["LAC", "Children in Care"]})
    names = ["list_8", "stays", "Staff"]
    assert find_tables("stays", CONTRACT, names, mapping) == {"List 8": "list_8"}
    assert find_tables("stays", CONTRACT, ["LAC", "LIST-7"], mapping) == {"List 7": "LIST-7", "List 8": "LAC"}
    assert find_tables("stays", CONTRACT, ["stays"], mapping) == {}, "List 80 or stays would be another layout's"


@pytest.mark.parametrize(
    ("names", "mapping"),
    [
        (["stays", "STAYS"], None),
        (["List 8", "LAC"], ExtractMapping(tables=["List 8"], called={"List 8": ["LAC"]})),
    ],
)
def test_two_tables_of_one_name_are_refused(names: list[str], mapping: ExtractMapping | None) -> None:
    with pytest.raises(ProblemsError) as refused:
        find_tables("stays", CONTRACT, names, mapping)
    assert str(refused.value) == f"two tables for the extract 'stays': {names[0]} and {names[1]}. Keep one."
