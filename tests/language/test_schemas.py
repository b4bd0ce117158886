"""The JSON Schemas of the YAML kinds: what ships fits them, what the types refuse they refuse, editors find them."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from dq import catalogue
from dq.library.folders import policy_root
from dq.library.schemas import KINDS, Kind, schema_of_kind
from dq.library.yaml_file import read_yaml
from dq.project import make_project
from dq.sample.recipe import Recipe

ROOT = policy_root()
EVERY = {**KINDS, "recipe": Kind(Recipe, ("data/recipes/*.yaml",))}
VALIDATORS = {name: Draft202012Validator(schema_of_kind(kind)) for name, kind in EVERY.items()}


def _files(kind: Kind, root: Path = ROOT) -> Iterator[Path]:
    for pattern in kind.files:
        found = sorted(root.glob(pattern.replace("!(gates)", "*")))
        yield from (path for path in found if "!(gates)" not in pattern or path.parent.name != "gates")


def test_every_shipped_yaml_file_is_of_one_kind_and_fits_its_schema() -> None:
    of: dict[Path, list[str]] = {}
    for name, kind in EVERY.items():
        for path in _files(kind):
            of.setdefault(path, []).append(name)
            faults = [f"{path.name}: {fault.message}" for fault in VALIDATORS[name].iter_errors(read_yaml(path).value)]
            assert faults == []
    shipped = {path for folder in ("rules", "checks", "reports", "data") for path in (ROOT / folder).rglob("*.yaml")}
    assert set(of) == shipped, "a file of no kind is checked by nobody"
    assert {path: names for path, names in of.items() if len(names) != 1} == {}


@pytest.mark.parametrize("template", ["kent", "blank"])
def test_a_new_projects_settings_fit(template: str, tmp_path: Path) -> None:
    make_project(tmp_path, template, [])
    assert list(VALIDATORS["project"].iter_errors(read_yaml(tmp_path / "dq.yaml").value)) == []


@pytest.mark.parametrize("name", [name for name in EVERY if name not in {"project", "thresholds", "function-examples"}])
def test_an_unknown_key_and_a_missing_one_are_faults(name: str) -> None:
    good = read_yaml(next(_files(EVERY[name]))).value
    assert [f.message for f in VALIDATORS[name].iter_errors({**good, "titel": "x"})] != []
    needed = "title" if "title" in good else VALIDATORS[name].schema["required"][0]
    assert list(VALIDATORS[name].iter_errors({key: value for key, value in good.items() if key != needed})) != []


@pytest.mark.parametrize(
    ("name", "place", "value"),
    [
        ("rule", ("severity",), "eror"),
        ("rule", ("fields",), "change_reason"),
        ("rule", ("examples", 0, "flag"), ["P1"]),
        ("rule", ("id",), "other-name"),
        ("contract", ("columns", "address_id", "type"), "string"),
        ("contract", ("columns", "address_id", "requierd"), True),
        ("code-list", ("codes", "Home"), {"label": "x", "untill": "2016-01-01"}),
        ("code-list", ("codes", "Home"), 7),
        ("gate", ("checks", 0, "if_not"), "warn"),
        ("indicator", ("unit",), "per cent"),
        ("scorecard", ("sections", 0, "lines", 0, "band"), {"green": "above 3"}),
        ("thresholds", ("cin_visit_days", "value"), "twenty-eight"),
        ("mapping", ("extracts",), []),
        ("recipe", ("units",), "none"),
    ],
)
def test_what_the_types_refuse_the_schemas_refuse(name: str, place: tuple[Any, ...], value: Any) -> None:
    spoilt = copy.deepcopy(read_yaml(next(_files(EVERY[name]))).value)
    assert list(VALIDATORS[name].iter_errors(spoilt)) == []
    inner = spoilt
    for part in place[:-1]:
        inner = inner[part]
    inner[place[-1]] = value
    assert list(VALIDATORS[name].iter_errors(spoilt)) != []


def test_the_command_writes_them_and_tells_the_editor(tmp_path: Path) -> None:
    out = tmp_path / ".schemas"
    assert catalogue.write_schemas(out) == len(EVERY) == len(list(out.glob("*.json"))) - 1
    settings = json.loads((out / "settings.json").read_text(encoding="utf-8"))["yaml.schemas"]
    for path, patterns in settings.items():
        schema = json.loads((tmp_path / path).read_text(encoding="utf-8"))
        Draft202012Validator.check_schema(schema)
        assert patterns == list(EVERY[Path(path).stem].files)
    catalogue.write_schemas(out)  # its own work it may replace
