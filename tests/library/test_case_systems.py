"""What a case system calls things, ours or an authority's own; and links into it, refused where they could mislead."""

from __future__ import annotations

from pathlib import Path

import pytest

from dq.library import policy_root
from dq.library.case_systems import check_links, load_case_system
from dq.library.load import load_library
from dq.problems import ProblemsError

CONTRACTS = load_library().contracts


def told(action) -> str:
    with pytest.raises(ProblemsError) as refused:
        action()
    return "\n".join(map(str, refused.value.problems))


@pytest.mark.parametrize("name", ["liquidlogic", "mosaic", "eclipse"])
def test_a_system_that_ships_says_where_every_extract_is_kept(name: str) -> None:
    system = load_case_system([policy_root()], name, CONTRACTS)
    assert set(system.screens) == set(CONTRACTS)
    assert "general words" in system.note
    assert {"form", "allocation"} <= set(system.words)


def test_an_unknown_system_is_refused_with_the_nearest(tmp_path: Path) -> None:
    settings = tmp_path / "dq.yaml"
    settings.write_text("authority: Kent\ncase_system: mosiac\n", encoding="utf-8")
    said = told(lambda: load_case_system([policy_root()], "mosiac", CONTRACTS, settings))
    assert "there is no case system 'mosiac'" in said
    assert "Did you mean 'mosaic'?" in said
    assert "dq.yaml" in said
    assert "2" in said


def test_an_authoritys_own_file_stands_in_the_place_of_ours(tmp_path: Path) -> None:
    own = tmp_path / "data" / "systems" / "mosaic.yaml"
    own.parent.mkdir(parents=True)
    own.write_text("title: Mosaic\nnote: Ours.\nscreens: {cp_visits: the tab CP visits}\n", encoding="utf-8")
    assert load_case_system([policy_root(), tmp_path], "mosaic", CONTRACTS).screens == {
        "cp_visits": "the tab CP visits"
    }
    own.write_text("title: Mosaic\nnote: Ours.\nscreens:\n  cp_visit: the tab\n", encoding="utf-8")
    said = told(lambda: load_case_system([policy_root(), tmp_path], "mosaic", CONTRACTS))
    assert "there is no extract 'cp_visit'" in said
    assert "Did you mean 'cp_visits'?" in said


@pytest.mark.parametrize(
    ("name", "template", "why"),
    [
        ("persn", "https://cases.example/{person_id}", "Did you mean 'person'?"),
        ("cp_visit", "https://cases.example/{record_key}", "Did you mean 'cp_visits'?"),
        ("person", "javascript:alert({person_id})", "is not an address of the web"),
        ("person", "file:///{person_id}", "is not an address of the web"),
        ("person", "//cases.example/{person_id}", "is not an address of the web"),
        ("person", "https://{person_id}.example/", "is not an address of the web"),
        ("person", "https://me@cases.example/{person_id}", "is not an address of the web"),
        ("person", "https://cases.example/a b/{person_id}", "is not an address of the web"),
        ("person", "https://cases.example/{record_key}", "asks for '{record_key}'"),
        ("cp_visits", "https://cases.example/{visit_id}", "asks for '{visit_id}'"),
        ("cp_visits", "https://cases.example/{record_key.name}", "asks for"),
        ("cp_visits", "https://cases.example/{record_key:>9}", "asks for"),
        ("cp_visits", "https://cases.example/{}", "asks for"),
        ("person", "https://cases.example/{person_id", "the braces of 'person' do not pair"),
    ],
)
def test_a_link_that_could_mislead_is_refused(name: str, template: str, why: str) -> None:
    assert why in told(lambda: check_links({name: template}, CONTRACTS))


def test_links_to_a_child_and_to_a_record_are_taken() -> None:
    check_links(
        {
            "person": "https://cases.example:8443/person/{person_id}?tab=summary",
            "cp_visits": "http://cases/person/{person_id}/visits#{record_key}",
        },
        CONTRACTS,
    )
