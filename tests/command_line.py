"""Run `dq` as its users do, in a process of its own, or in this one where a test needs to run it many times."""

from __future__ import annotations

import contextlib
import io
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.small_policy import IN_A_PROCESS


@dataclass(frozen=True)
class Ended:
    """How a command ended: its exit code, and what it said."""

    code: int
    out: str
    err: str

    @property
    def said(self) -> str:
        return self.out + self.err


def dq(*arguments: str | Path, cwd: Path | None = None, environment: Mapping[str, str] | None = None) -> Ended:
    """Run ``dq`` in a process of its own; a warning is an error there as it is here."""
    command = [sys.executable, "-W", "error", *_program(), *map(str, arguments)]
    settings = {**os.environ, **(environment or {})}
    done = subprocess.run(command, capture_output=True, encoding="utf-8", cwd=cwd, env=settings)
    return Ended(done.returncode, done.stdout, done.stderr)


def _program() -> list[str]:
    """Return what starts ``dq``: as its users do, or with the part of the policy that the tests stand on."""
    policy = _policy()
    return ["-c", policy + "import runpy; runpy.run_module('dq', run_name='__main__')"] if policy else ["-m", "dq"]


def _policy() -> str:
    """Return the line of Python that makes the part of the policy that the tests stand on the one that ships."""
    part = os.environ.get(IN_A_PROCESS)
    return (
        f"from pathlib import Path; from dq.library import folders; folders._PACKAGE = Path({part!r}); " if part else ""
    )


def python(program: str, cwd: Path) -> Ended:
    """Run a few lines of Python in a process of its own, with warnings as errors."""
    command = [sys.executable, "-W", "error", "-c", f"{_policy()}\n{program}"]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", cwd=cwd)
    return Ended(done.returncode, done.stdout, done.stderr)


def dq_here(*arguments: str | Path) -> Ended:
    """Run ``dq`` in this process, through the same ``main`` as on the command line."""
    from dq.cli import main

    with _said() as (out, err), _called(arguments), pytest.raises(SystemExit) as ended:
        main()
    assert isinstance(ended.value.code, int), "main always gives a number"
    return Ended(ended.value.code, _text(out), _text(err))


@contextlib.contextmanager
def _said() -> Iterator[tuple[io.TextIOWrapper, io.TextIOWrapper]]:
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8") for _ in range(2))
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        yield out, err


@contextlib.contextmanager
def _called(arguments: tuple[str | Path, ...]) -> Iterator[None]:
    before = sys.argv
    sys.argv = ["dq", *map(str, arguments)]
    try:
        yield
    finally:
        sys.argv = before


def _text(stream: io.TextIOWrapper) -> str:
    stream.flush()
    stream.seek(0)
    return stream.read()
