"""``dq rules`` over a project's own rules: they are listed, shown, tested, begun, written up, and watched."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from command_line import dq_here

from dq.language.function_list import all_functions
from dq.project import make_project
from dq.watch import watch
from tests.reports.page_reader import page


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with one rule of its own, made by the command, and a limit of its own."""
    folder = tmp_path_factory.mktemp("own")
    make_project(folder, "blank", [])
    with (folder / "dq.yaml").open("a", encoding="utf-8") as settings:
        settings.write("thresholds: {cla_visit_days: 30}\n")
    made = dq_here("rules", "new", "visit-without-purpose", "--on", "cla_visits", "--in", folder, "--topic", "visits")
    assert made.code == 0, made.said
    assert "3 examples" in made.out
    assert "0 disagree" in made.out
    assert "dq rules test visit-without-purpose" in made.out
    return folder


def test_a_projects_own_rule_is_listed_and_shown(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "[shadow]" in dq_here("rules", "list", "visits", "--project", project).out
    shown = json.loads(dq_here("rules", "show", "visit-without-purpose", "--project", project, "--json").out)
    assert (shown["status"], len(shown["fingerprint"])) == ("shadow", 16)
    monkeypatch.chdir(project)
    assert shown["fingerprint"] in dq_here("rules", "show", "visit-without-purpose").out


def test_the_limits_are_listed_with_a_projects_own(project: Path) -> None:
    ours, theirs = (
        {limit["name"]: limit for limit in json.loads(dq_here("rules", "list", "--thresholds", "--json", *more).out)}
        for more in ((), ("--project", project))
    )
    assert (ours["cla_visit_days"]["value"], theirs["cla_visit_days"]["value"]) == (42, 30)
    text = dq_here("rules", "list", "--thresholds").out
    for name, limit in ours.items():
        assert f":{name}" in text
        assert limit["unit"] in text


def test_a_rule_is_begun_only_in_a_project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    ended = dq_here("rules", "new", "x", "--on", "teams")
    assert ended.code == 2
    assert "this folder is no project" in ended.err
    assert list(tmp_path.iterdir()) == []


def test_the_pages_have_one_for_each_function_and_limit(project: Path, tmp_path: Path) -> None:
    out = tmp_path / "pages"
    assert dq_here("rules", "docs", "--out", out, "--project", project).code == 0
    functions = all_functions()
    written = {path.stem for path in (out / "functions").glob("*.html")}
    assert written == {*functions, "index", "limits"}
    listed = page(out / "functions" / "index.html").text
    for function in functions.values():
        assert function.call in listed
        assert page(out / "functions" / f"{function.name}.html").all("h2")[:3] == [
            "What it takes", "What it makes of null", "Examples",
        ]  # fmt: skip
    assert "null" in page(out / "functions" / "nullif.html").text
    limits = page(out / "functions" / "limits.html").text
    assert ":cla_visit_days" in limits
    assert "30" in limits
    assert (out / "rules" / "visit-without-purpose.html").exists()
    assert "functions/index.html" in (out / "index.html").read_text(encoding="utf-8")


def test_watching_runs_what_changed_and_goes_on_after_a_fault(project: Path) -> None:
    rule = next(project.glob("rules/*/*/visit-without-purpose.yaml"))
    good = rule.read_text(encoding="utf-8")
    said: list[str] = []

    def saved() -> Iterator[set[Path]]:
        rule.write_text(good.replace("on: cla_visits", "on: cla_visit"), encoding="utf-8")
        yield {rule}
        rule.write_text(good.replace("flags: [R1]", "flags: []"), encoding="utf-8")
        yield {rule}
        rule.write_text(good, encoding="utf-8")
        yield {rule, project / "data" / "a-view.sql"}

    watch("home-postcode-missing", project, said.append, saved())
    changed = [line.strip() for line in said if "changed" in line]
    assert changed == [f"{rule.name} changed", f"{rule.name} changed", f"a-view.sql, {rule.name} changed"]
    first, no_extract, wrong, last = (line for line in said if "changed" not in line)
    assert first == last == "4 examples of 1 rules and indicators, 0 disagree", "a view may stand under any rule"
    assert "Did you mean 'cla_visits'?" in no_extract
    assert "flags R1, not nothing" in wrong
    assert "3 examples" in wrong


HEEDING_CTRL_C = (
    "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); from dq.cli import main; main()"
)
"""The command line, also where the tests were begun in the background and ignore it: so does what they begin."""


@pytest.mark.skipif(sys.platform == "win32", reason="a test cannot press Ctrl-C for another process there")
def test_a_file_that_is_saved_is_run_and_ctrl_c_ends_well(project: Path) -> None:
    rule = next(project.glob("rules/*/*/visit-without-purpose.yaml"))
    arguments = ["rules", "test", "visit-without-purpose", "--watch", "--project", str(project)]
    command, settings = [sys.executable, "-c", HEEDING_CTRL_C, *arguments], {**os.environ, "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=settings) as run:
        try:
            assert run.stdout is not None
            assert "0 disagree" in run.stdout.readline()
            time.sleep(0.5)  # until it looks at the folders
            rule.touch()
            lines = [run.stdout.readline() for _ in range(3)]
            run.send_signal(signal.SIGINT)
            assert run.wait(timeout=20) == 0
        finally:
            run.kill()
    assert "visit-without-purpose.yaml changed" in lines[1]
    assert "0 disagree" in lines[2]
