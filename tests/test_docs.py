"""Every command and link in the documentation exists."""

import re
from pathlib import Path

import pytest

from dq.cli import commands

ROOT = Path(__file__).resolve().parent.parent
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "GLOSSARY.md", *sorted((ROOT / "docs").glob("*.md"))]


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
