"""Null is neither in scope nor flagged, and every rule ends in one status, whatever the others do."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from dq.engine.check import Absent
from dq.engine.examples import prepare
from dq.library.load import load_library
from dq.library.policy import Library
from dq.model import Findings, Status
from dq.workspace import Workspace, open_workspace
from tests.conftest import Folder, Records, check_records

pytestmark = pytest.mark.xdist_group("null semantics")  # one library serves every test, so on one worker
TEXT = """title: {name}
severity: error
dimension: validity
on: {on}
where: "{where}"
expect: "{expect}"
fields: [{field}]
message: A test
why: A test
fix: A test
"""
RULES = {
    "nine": ("persons", "uasc = 'Y'", "ethnicity = 'WBRI'", "ethnicity"),
    "all-hold": ("persons", "uasc = 'Y'", "person_id is not null", "person_id"),
    "scope-of-null": ("persons", "death_date > dob", "false", "dob"),
    "expects-null": ("persons", "true", "death_date > dob", "dob"),
    "nobody": ("persons", "uasc = 'Z'", "false", "uasc"),
    "crash": ("persons", "true", "cast(ethnicity as int) > 0", "ethnicity"),
    "crash-in-where": ("persons", "cast(ethnicity as int) > 0", "true", "ethnicity"),
    "crash-second": ("persons", "true", "cast(person_id as date) is null", "person_id"),
    "reads-visits": (
        "persons", "true", "exists (select 1 from cin_visits v where v.person_id = persons.person_id)", "person_id",
    ),
    "in-broken-view": ("broken", "true", "number > 0", "person_id"),
    "above-broken-view": ("above_broken", "true", "person_id is not null", "person_id"),
}  # fmt: skip
VIEWS = {
    "broken": "-- one row: a child\n-- key: person_id\n-- of: persons\n"
    "select person_id, cast(ethnicity as int) as number from persons\n",
    "above_broken": "-- one row: a child\n-- key: person_id\n-- of: persons\nselect person_id from broken\n",
}
CHILDREN = [
    {"person_id": f"{where or 'null'}-{expect or 'null'}", "uasc": where, "ethnicity": expect, "dob": "2005-01-01"}
    for where in ("Y", "N", None)
    for expect in ("WBRI", "BAFR", None)
]
"""Nine children: the condition true, false and null, by what is expected true, false and null."""


@pytest.fixture(scope="module")
def own(project_folder: Folder) -> Library:
    files = {
        f"rules/casework/test/{name}.yaml": TEXT.format(name=name, on=on, where=where, expect=expect, field=field)
        for name, (on, where, expect, field) in RULES.items()
    }
    files |= {f"data/casework/views/{name}.sql": text for name, text in VIEWS.items()}
    return load_library("casework", project_folder(files))


@pytest.fixture(scope="module")
def ready(own: Library) -> Iterator[Workspace]:
    with open_workspace() as opened:
        prepare(opened, own)
        yield opened


@pytest.fixture(scope="module")
def together(ready: Workspace, own: Library) -> Findings:
    """All rules over persons and what stands on it, good and bad, in one check."""
    return check_records(ready, own, {"persons": CHILDREN}, _over_persons(own))


def _over_persons(own: Library) -> list[str]:
    return [name for name, bound in own.rules.items() if bound.rule.on in {"persons", "broken", "above_broken"}]


def _status(findings: Findings) -> dict[str, Status]:
    return {result.rule.id: result.status for result in findings.results}


def _flagged(findings: Findings, rule: str) -> list[str]:
    rows = findings.exceptions.select(["rule_id", "record_key"]).to_pylist()
    return sorted(row["record_key"] for row in rows if row["rule_id"] == rule)


def test_only_true_is_in_scope_and_only_false_is_flagged(together: Findings) -> None:
    (nine,) = [result for result in together.results if result.rule.id == "nine"]
    assert (nine.status, nine.in_scope, nine.flagged) == (Status.FLAGGED, 3, 1)
    assert _flagged(together, "nine") == ["Y-BAFR"]


@pytest.mark.parametrize(
    ("rule", "status", "in_scope"),
    [
        ("nine", Status.FLAGGED, 3),
        ("all-hold", Status.PASSED, 3),
        ("scope-of-null", Status.NOT_APPLICABLE, 0),
        ("expects-null", Status.PASSED, 9),
        ("nobody", Status.NOT_APPLICABLE, 0),
        ("reads-visits", Status.FLAGGED, 9),
        ("contract.persons.sex.required", Status.FLAGGED, 9),
        ("contract.persons.sex.codes", Status.PASSED, 9),
        ("contract.persons.person_id.unique", Status.PASSED, 9),
    ],
)
def test_the_status_of_a_rule_that_ran(together: Findings, rule: str, status: Status, in_scope: int) -> None:
    (result,) = [result for result in together.results if result.rule.id == rule]
    assert (result.status, result.in_scope, result.reason) == (status, in_scope, "")
    assert (status is Status.FLAGGED) == (result.flagged > 0)
    assert len(_flagged(together, rule)) == result.flagged


@pytest.mark.parametrize("rule", ["crash", "crash-in-where", "crash-second", "in-broken-view"])
def test_a_rule_that_cannot_run_is_an_error_with_a_reason(together: Findings, rule: str) -> None:
    (result,) = [result for result in together.results if result.rule.id == rule]
    assert (result.status, result.in_scope, result.flagged) == (Status.ERROR, 0, 0)
    assert result.reason
    assert "BAFR" not in result.reason, "a reason must not hold a value"
    assert _flagged(together, rule) == []


def test_a_view_above_one_that_fails_names_it(together: Findings) -> None:
    (result,) = [result for result in together.results if result.rule.id == "above-broken-view"]
    assert (result.status, result.reason) == (Status.ERROR, "view broken failed")


def test_rules_beside_one_that_fails_get_what_they_get_alone(
    together: Findings, ready: Workspace, own: Library
) -> None:
    for result in together.results:
        alone = check_records(ready, own, {"persons": CHILDREN}, [result.rule.id])
        (only,) = alone.results
        assert (only.status, only.in_scope, only.flagged) == (result.status, result.in_scope, result.flagged)
        assert _flagged(alone, result.rule.id) == _flagged(together, result.rule.id)


def test_every_rule_gets_one_result_in_the_order_asked(together: Findings, own: Library) -> None:
    assert [result.rule.id for result in together.results] == _over_persons(own)


def test_with_no_records_nothing_passes(ready: Workspace, own: Library) -> None:
    every = [name for name in own.rules if own.rules[name].rule.on not in VIEWS]
    findings = check_records(ready, own, {"addresses": []}, every)
    assert set(_status(findings).values()) == {Status.NOT_APPLICABLE}
    assert findings.exceptions.num_rows == 0


def _skipped(findings: Findings) -> dict[str, str]:
    return {r.rule.id: r.reason for r in findings.results if r.status is Status.SKIPPED}


def test_an_absent_extract_skips_what_reads_it_directly_or_in_a_sub_select(ready: Workspace, own: Library) -> None:
    rules = ["cin-child-seen-missing", "reads-visits", "nine"]
    findings = check_records(ready, own, {"persons": CHILDREN}, rules, absent=Absent({"cin_visits"}, ()))
    assert _skipped(findings) == dict.fromkeys(rules[:2], "no extract cin_visits")
    assert _status(findings)["nine"] is Status.FLAGGED


def test_an_absent_extract_skips_what_reads_it_through_views(ready: Workspace, own: Library) -> None:
    rules = ["in-care-without-placement", "uasc-not-recorded", "no-home-address", "over-18-in-care"]
    episode = {"episode_id": "E1", "person_id": "Y-WBRI", "cla_id": "L1", "start_date": "2016-01-01"}
    records: Records = {"persons": CHILDREN, "cla_episodes": [episode]}
    findings = check_records(ready, own, records, rules, absent=Absent({"cla_placements", "addresses"}, ()))
    # The view the last two rows stand on reads placements and addresses as well, but no column they use does.
    assert _skipped(findings) == {
        "in-care-without-placement": "no extract cla_placements",
        "no-home-address": "no extract addresses",
    }
    assert _status(findings)["uasc-not-recorded"] is Status.PASSED
    assert _status(findings)["over-18-in-care"] is Status.PASSED


def test_an_absent_column_skips_what_reads_it_through_views(ready: Workspace, own: Library) -> None:
    rules = ["over-18-in-care", "uasc-not-recorded", "contract.persons.dob.required", "contract.persons.sex.required"]
    absent = Absent((), {("persons", "dob"), ("cla_episodes", "ceased_reason")})
    findings = check_records(ready, own, {"persons": CHILDREN}, rules, absent=absent)
    assert _skipped(findings) == {
        "over-18-in-care": "no column persons.dob",
        "contract.persons.dob.required": "no column persons.dob",
    }


def test_an_absent_column_that_decides_the_rows_of_a_view_skips_its_rules(ready: Workspace, own: Library) -> None:
    absent = Absent((), {("cla_episodes", "ceased_date")})
    findings = check_records(ready, own, {"persons": CHILDREN}, ["uasc-not-recorded"], absent=absent)
    assert _skipped(findings) == {"uasc-not-recorded": "no column cla_episodes.ceased_date"}
