"""A paper in long form: what its rows say of one another, and a layout's SQL that is not what it should be."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from dq.problems import ProblemsError
from dq.proofread import proofread
from tests.proof.generated import HEADINGS, RELATION_HEADINGS


def _write(path: Path, headings: tuple[str, ...], rows: list[dict[str, str]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        written = csv.DictWriter(file, headings)
        written.writeheader()
        written.writerows(rows)
    return path


def _figures(folder: Path, *rows: dict[str, str]) -> Path:
    same = {"paper": "P", "edition": "August 2016", "scope": "Kent", "period": "August 2016", "unit": "count"}
    return _write(folder / "figures.csv", HEADINGS, [same | row for row in rows])


def _relations(folder: Path, *rows: dict[str, str]) -> Path:
    return _write(folder / "relations.csv", RELATION_HEADINGS, [{"paper": "P"} | row for row in rows])


def test_a_row_names_another_by_the_authors_own_ref(tmp_path):
    figures = _figures(
        tmp_path,
        {"ref": "now", "measure": "starts", "printed": "86"},
        {"ref": "before", "measure": "starts", "printed": "1,093", "period": "July 2016"},
        {"ref": "moved", "measure": "starts", "printed": "-1,017", "of_figure": "now", "less_figure": "before"},
    )
    (doubt,) = proofread([figures], tmp_path / "out").doubts
    assert (doubt.rule.id, doubt.row_no, doubt.cell) == ("change-not-the-difference", 4, "printed")
    assert doubt.message == "Printed -1,017, and 86 less 1,093 is -1007"


def test_a_file_of_relations_says_what_is_part_of_what(tmp_path):
    figures = _figures(
        tmp_path,
        {"ref": "all", "measure": "starts", "printed": "14"},
        {"ref": "boys", "measure": "by_sex", "breakdown": "sex", "part": "Boys", "printed": "9"},
        {"ref": "girls", "measure": "by_sex", "breakdown": "sex", "part": "Girls", "printed": "8"},
    )
    relations = _relations(tmp_path, {"kind": "parts", "measure": "by_sex", "of_measure": "starts"})
    assert proofread([figures], tmp_path / "alone").doubts == ()
    (doubt,) = proofread([figures, relations], tmp_path / "out").doubts
    assert (doubt.rule.id, doubt.row_no, doubt.expected) == ("parts-differ-from-their-total", 2, "17")


def test_a_kind_of_relation_that_is_not_known_is_told(tmp_path):
    figures = _figures(tmp_path, {"ref": "all", "measure": "starts", "printed": "14"})
    relations = _relations(tmp_path, {"kind": "part", "measure": "by_sex", "of_measure": "starts"})
    (doubt,) = proofread([figures, relations], tmp_path / "out").doubts
    assert doubt.rule.id == "contract.published_relations.kind.codes"


def test_a_layout_whose_relations_are_no_columns_of_the_contract_is_refused(tmp_path):
    layout = tmp_path / "data" / "scorecard" / "layouts" / "long-form-relations.yaml"
    layout.parent.mkdir(parents=True)
    layout.write_text(
        "title: Ours\nsource: Ours\nheadings: [paper, kind, measure, of_measure, less_measure]\n"
        "relations_from: select paper, kind as sort from page\n",
        encoding="utf-8",
    )
    with pytest.raises(ProblemsError, match="relations: it gives 'sort', which is no column of published_relations"):
        proofread([_relations(tmp_path, {"kind": "parts"})], tmp_path / "out", tmp_path)
