"""`docs/your-first-rule.md` is followed to the letter, in order, in an empty folder; what it shows must come out."""

from __future__ import annotations

import csv
import os
import re
import shlex
import subprocess
from pathlib import Path

import pytest

from tests.command_line import dq_here

PAGE = Path(__file__).resolve().parent.parent / "docs" / "your-first-rule.md"
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SOMEBODY = {
    "GIT_AUTHOR_NAME": "A", "GIT_AUTHOR_EMAIL": "a@example.org", "GIT_COMMITTER_NAME": "A",
    "GIT_COMMITTER_EMAIL": "a@example.org", "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1",
}  # fmt: skip
"""Who commits, whatever the settings of the machine."""
LISTS = ("shadow.csv", "exceptions.csv")


def blocks() -> list[tuple[str, str]]:
    """Return the page's blocks in order, as (kind, text)."""
    return BLOCK.findall(PAGE.read_text(encoding="utf-8"))


def commands(console: str) -> list[tuple[str, str]]:
    """Return each command of a console block with what the page says it prints."""
    parts = re.split(r"^\$ (.*)\n", console, flags=re.MULTILINE)
    return list(zip(parts[1::2], parts[2::2], strict=True))


def printed(command: str) -> str:
    """Do what a line of the page says, in the folder where the reader stands, and return what it prints."""
    program, *arguments = shlex.split(command)
    if program == "cd":
        os.chdir(arguments[0])
        return ""
    if program == "dq":
        return dq_here(*arguments).said
    assert program == "git", "the reader is asked for no other program"
    done = subprocess.run(
        ["git", *arguments], env={**os.environ, **SOMEBODY}, capture_output=True, encoding="utf-8", check=True
    )
    return done.stdout


def lines(text: str) -> list[str]:
    """Return lines without the spaces at their ends, which no reader sees."""
    return [line.rstrip() for line in text.strip().splitlines()]


def write(text: str) -> None:
    """Write the file that a block names in its first line, or change the lines of it that the block gives."""
    first, rest = text.split("\n", 1)
    name, _, change = first.removeprefix("# ").partition(": ")
    path = Path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    if not change:
        path.write_text(rest, encoding="utf-8")
        return
    assert change == "change"
    held = path.read_text(encoding="utf-8")
    for line in rest.splitlines():
        key = re.escape(line.partition(":")[0])
        held, changed = re.subn(rf"^{key}:.*$", lambda _, line=line: line, held, flags=re.MULTILINE)
        held = held if changed else f"{held}{line}\n"
    path.write_text(held, encoding="utf-8")


def rows(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))


def found_after(seen: list[tuple[str, dict[str, list[dict[str, str]]]]], nth: int) -> dict[str, list[dict[str, str]]]:
    """Return the lists there were after the nth check that kept to the reader's rule."""
    return [lists for command, lists in seen if command == "dq check --rules seen-not-alone"][nth]


def lists_there() -> dict[str, list[dict[str, str]]]:
    folder = Path("check", "2016-08")
    return {name: rows(folder / name) for name in LISTS if (folder / name).exists()}


def test_the_page_followed_to_the_letter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    seen = []
    for kind, text in blocks():
        if kind != "console":
            write(text)
            continue
        for command, shown in commands(text):
            assert lines(printed(command)) == lines(shown), command
            seen.append((command, lists_there()))

    in_shadow, counted = found_after(seen, 0), found_after(seen, 1)
    table = re.findall(r"^\| `(\w+)` \| (.+) \|$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert len(table) > 5
    assert {name: in_shadow["shadow.csv"][0][name] for name, _ in table} == dict(table)
    assert in_shadow["exceptions.csv"] == []
    assert counted == {"exceptions.csv": in_shadow["shadow.csv"]}, "the same rows, now counted; and no shadow.csv"
    assert (tmp_path / "practice" / "pages" / "rules" / "seen-not-alone.html").exists()

    with (tmp_path / "practice" / "extracts" / "cin_visits.csv").open(encoding="utf-8-sig") as file:
        visits = [
            row for row in csv.DictReader(file) if row["seen"].strip() == "Y" and row["seen_alone"].strip() == "N"
        ]
    in_august = {row["visit_id"] for row in visits if re.fullmatch("2016-08-..|../08/2016", row["visit_date"])}
    assert {row["record_key"] for row in counted["exceptions.csv"]} == in_august
