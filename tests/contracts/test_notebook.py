"""The contract as anyone's notebook has it: every line of the page about it, run as it stands."""

from __future__ import annotations

import contextlib
import io
import re
from pathlib import Path

import pytest

import dq
from dq.problems import ProblemsError
from tests.conftest import Folder

PAGE = Path(__file__).resolve().parents[2] / "docs" / "notebook.md"
BLOCK = re.compile(r"^```(\w+) ?(\S*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def test_the_page_shows_what_its_lines_print(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {}
    printed, compared = "", 0
    for kind, file, text in BLOCK.findall(PAGE.read_text(encoding="utf-8")):
        if kind == "csv":
            Path(file).write_text(text, encoding="utf-8")
        elif kind == "python":
            with contextlib.redirect_stdout(io.StringIO()) as out:
                exec(compile(text, PAGE.name, "exec"), names)
            printed = out.getvalue()
        else:
            assert printed == text
            compared += 1
    assert compared == 2, "the page shows two outputs"


def test_an_extract_that_is_not_there_is_named_with_the_nearest() -> None:
    with pytest.raises(ProblemsError, match=r"there is no extract 'cla_visit'\. Did you mean 'cla_visits'\?"):
        dq.schema("cla_visit")


def test_a_projects_own_code_list_counts(project_folder: Folder) -> None:
    folder = project_folder({
        "data/codes/sex.yaml": "title: Sex\nedition: own\nsource: ours\ncodes: {'M': male, 'F': female}\n",
    })  # fmt: skip
    assert _codes_pass(dq.schema("persons", project=folder), "M")
    assert not _codes_pass(dq.schema("persons"), "M")


def _codes_pass(schema: object, code: str) -> bool:
    import pandas as pd
    from pandera.errors import SchemaErrors

    columns = schema.columns
    row = {name: [None] for name in columns} | {"person_id": ["A"], "sex": [code], "dob": ["2005-01-01"]}
    try:
        schema.validate(pd.DataFrame(row), lazy=True)
    except SchemaErrors as error:
        return "codes" not in set(error.failure_cases["check"])
    return True


def test_the_package_has_nothing_else() -> None:
    with pytest.raises(AttributeError, match="module 'dq' has no attribute 'schemas'"):
        dq.schemas  # noqa: B018
