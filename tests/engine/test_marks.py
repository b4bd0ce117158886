"""Marks: which cells of other records are doubtful with a flagged one, and how a fault in saying so is told."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from dq.engine.examples import run_examples
from dq.library.load import load_library
from dq.problems import ProblemsError
from dq.workspace import open_workspace
from tests.command_line import dq_here
from tests.conftest import Folder

PUPILS = """
title: Pupils
one_row: a pupil
key: pupil
person: pupil
columns:
  pupil: {type: text, label: pupil, local: true}
  born: {type: date, label: date of birth, local: true}
"""
CLASSES = """
title: Places in classes
one_row: a pupil's place in a class
key: place
person: pupil
columns:
  place: {type: text, label: place, local: true}
  pupil: {type: text, label: pupil, local: true}
  begun: {type: date, label: first day, local: true}
  ended: {type: date, label: last day, local: true}
"""
IN_ORDER = """-- one row: a place with the one before it
-- key: place
-- of: places
select p.place, p.pupil, p.begun, lag(p.place) over (partition by p.pupil order by p.begun) as place_before,
  lag(p.ended) over (partition by p.pupil order by p.begun) as ended_before
from places p
"""
RULE = """
title: A place before birth
severity: error
dimension: consistency
on: places
expect: not exists (select 1 from pupils where pupils.pupil = places.pupil and pupils.born > places.begun)
fields: [begun]
marks:
  - table: pupils
    where: pupils.pupil = places.pupil
    fields: [born, pupil]
  - table: places
    as: other
    where: other.pupil = places.pupil and other.begun < places.begun
    fields: [begun]
message: Begun on {begun}
why: One of the two is wrong.
fix: Correct it.
examples:
  - name: begun before birth, after another
    given:
      pupils: [{pupil: A, born: 2016-05-02}, {pupil: B, born: 2000-01-01}]
      places:
        - {place: P1, pupil: A, begun: 2017-01-01}
        - {place: P2, pupil: A, begun: 2016-05-01}
        - {place: P3, pupil: A, begun: 2016-04-01}
        - {place: P4, pupil: B, begun: 2016-04-01}
    flags: [P2, P3]
    marks: {pupils: [A], places: [P3]}
"""
ON_A_VIEW = """
title: Two places at once
severity: error
dimension: consistency
on: places_in_order
expect: ended_before <= begun
fields: [begun]
marks:
  - {table: places, where: places.place = places_in_order.place_before, fields: [ended]}
message: Begun on {begun}
why: One of the two is wrong.
fix: Correct it.
examples:
  - name: the place before ended later
    given:
      places: [{place: P1, pupil: A, begun: 2016-01-01, ended: 2016-02-02}, {place: P2, pupil: A, begun: 2016-02-01}]
    flags: [P2]
    marks: {places: [P1]}
"""
FILES = {
    "checks/school/pupils.yaml": PUPILS,
    "checks/school/places.yaml": CLASSES,
    "data/school/views/places_in_order.sql": IN_ORDER,
}


def test_what_is_marked_goes_with_what_is_flagged(project_folder: Folder) -> None:
    rules = {"rules/school/a/before_birth.yaml": RULE, "rules/school/a/at_once.yaml": ON_A_VIEW}
    library = load_library("school", project_folder(FILES | rules))
    with open_workspace() as workspace:
        ends = list(run_examples(workspace, library, library.rules.values()))
    assert {(end.rule_id, end.fault) for end in ends} == {("before_birth", ""), ("at_once", "")}


def test_an_example_that_names_other_marks_fails(project_folder: Folder) -> None:
    wrong = RULE.replace("places: [P3]}", "places: [P4]}")
    library = load_library("school", project_folder(FILES | {"rules/school/a/before_birth.yaml": wrong}))
    with open_workspace() as workspace:
        (end,) = run_examples(workspace, library, [library.rules["before_birth"]])
    assert end.fault.startswith("marks {'places': ['P3'], 'pupils': ['A']}, not")


@pytest.mark.parametrize(
    ("swap", "by", "told"),
    [
        ("table: pupils", "table: pupil", "there is no extract 'pupil'"),
        ("[born, pupil]", "[bron]", "marks: pupils has no column 'bron'"),
        ("where: pupils.pupil =", "where: pupils.pupl =", "no column 'pupl'"),
        ("    as: other\n", "", "both rows would be called 'places'"),
        ("fields: [begun]\nmessage", "fields: []\nmessage", "at least 1 item"),
    ],
)
def test_a_fault_in_a_mark_is_told_with_its_line(project_folder: Folder, swap: str, by: str, told: str) -> None:
    spoilt = RULE.replace(swap, by)
    assert spoilt != RULE
    with pytest.raises(ProblemsError) as refused:
        load_library("school", project_folder(FILES | {"rules/school/a/before_birth.yaml": spoilt}))
    (problem,) = refused.value.problems
    assert told in str(problem)
    assert problem.line is not None
    assert 8 <= problem.line <= 17


def test_marks_are_part_of_what_a_rule_means(project_folder: Folder) -> None:
    less = RULE.replace("[born, pupil]", "[born]")
    other = RULE.replace("other.begun < places.begun", "other.begun <= places.begun")
    marks = set()
    for text in (RULE, less, other):
        library = load_library("school", project_folder(FILES | {"rules/school/a/before_birth.yaml": text}))
        marks.add(library.rules["before_birth"].mark)
    assert len(marks) == 3


def test_a_check_writes_them_beside_the_exceptions(project_folder: Folder, tmp_path: Path) -> None:
    project = project_folder(FILES | {"rules/school/a/before_birth.yaml": RULE})
    (project / "extracts").mkdir()
    (project / "extracts/pupils.csv").write_text("pupil,born\nA,02/05/2016\n")
    (project / "extracts/places.csv").write_text("place,pupil,begun,ended\nP1,A,01/05/2016,\nP2,A,03/05/2016,\n")
    (project / "dq.yaml").write_text(
        "authority: X\ndataset: school\nscorecard: none\nperiod: 2016-08\nextracts: extracts\n"
    )
    ended = dq_here("check", project, "--out", tmp_path / "out")
    assert (ended.code, ended.err) == (0, "")
    with (tmp_path / "out/exceptions.csv").open() as file:
        (found,) = csv.DictReader(file)
    with (tmp_path / "out/marks.csv").open() as file:
        marks = list(csv.DictReader(file))
    assert [(m["exception_id"], m["extract"], m["record_key"], m["field"]) for m in marks] == [
        (found["exception_id"], "pupils", "A", "born"),
        (found["exception_id"], "pupils", "A", "pupil"),
    ]
