"""The documentation is true: what it shows is what the program prints, and every command and link in it exists."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from dq.cli import commands

ROOT = Path(__file__).resolve().parent.parent
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "GLOSSARY.md", *sorted((ROOT / "docs").glob("*.md"))]


@pytest.mark.xdist_group("kent")
def test_the_readme_shows_what_the_demo_prints(tmp_path):
    printed = subprocess.run(
        [sys.executable, "-m", "dq", "demo"], cwd=tmp_path, capture_output=True, text=True, check=True, encoding="utf-8"
    ).stdout
    block = (ROOT / "README.md").read_text(encoding="utf-8").split("```console\n$ dq demo\n")[1].split("```")[0]
    assert printed.startswith(block)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_leads_to_a_file(page):
    for target in re.findall(r"\]\(([^)#]+)\)", page.read_text(encoding="utf-8")):
        assert (page.parent / target).exists(), target


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_command_named_exists(page):
    known = commands()
    for said in re.findall(r"(?:`|\$ )dq ([a-z]+(?: (?:list|show|test|docs))?)", page.read_text(encoding="utf-8")):
        assert said in known, said


def test_every_command_says_what_it_is_for():
    for name, command in commands().items():
        assert command.help, name
        assert command.help.endswith((".", "3 an internal fault.")), name
