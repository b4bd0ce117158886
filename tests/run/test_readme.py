"""The README shows what the demonstration prints."""

from __future__ import annotations

from pathlib import Path

from runs import Ran

README = Path(__file__).resolve().parent.parent.parent / "README.md"


def test_the_readme_shows_what_the_demo_prints(flawed: Ran) -> None:
    block = README.read_text(encoding="utf-8").split("```console\n$ dq demo\n")[1].split("```")[0]
    assert flawed.ended.out.startswith(block)
