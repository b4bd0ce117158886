"""What is installed is what is here: the wheel, put into an environment of its own, away from this checkout."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import tomllib
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pytest
from made_once import made_once

from dq import __version__
from dq.library.folders import POLICY_FOLDERS

ROOT = Path(__file__).resolve().parent.parent
SCRIPTS = "Scripts" if os.name == "nt" else "bin"


@dataclass(frozen=True)
class Installed:
    """The scripts of an environment with the wheel in it."""

    scripts: Path

    def run(self, folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
        """Run a command of the environment in a folder, with no setting of Python's carried in."""
        settings = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
        program, *arguments = command
        return subprocess.run(
            [self.scripts / program, *arguments], cwd=folder, env=settings, capture_output=True, encoding="utf-8"
        )


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    (made,) = made_once(tmp_path_factory, "wheel", build).glob("*.whl")
    return made


def build(folder: Path) -> None:
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    subprocess.run(command, check=True, capture_output=True)


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Installed:
    place = made_once(tmp_path_factory, "installed", lambda folder: install(wheel, folder / "environment"))
    return Installed(place / "environment" / SCRIPTS)


def install(wheel: Path, environment: Path) -> None:
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(environment)], check=True, capture_output=True)
    into = [sys.executable, "-m", "pip", "--python", str(environment / SCRIPTS / "python"), "install"]
    subprocess.run([*into, "--quiet", "--no-deps", "--no-index", str(wheel)], check=True, capture_output=True)
    # The libraries are those of this environment; a line of a .pth adds a folder but not the .pth files in it,
    # so whatever leads this environment to the checkout is left behind.
    (site_packages,) = environment.rglob("site-packages")
    (site_packages / "libraries.pth").write_text(sysconfig.get_paths()["purelib"] + "\n", encoding="utf-8")


def test_the_wheel_holds_the_policy_byte_for_byte_and_no_tests(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        held = {name: archive.read(name) for name in archive.namelist()}
    for folder in POLICY_FOLDERS:
        files = [path for path in (ROOT / folder).rglob("*") if path.is_file()]
        assert files, folder
        for path in files:
            assert held[f"dq/_policy/{path.relative_to(ROOT).as_posix()}"] == path.read_bytes()
    assert {"dq/cli.py", "dq/py.typed", "dq/sample/defects/__init__.py"} <= set(held)
    assert {name.split("/")[0] for name in held} == {"dq", f"plumbline_dq-{__version__}.dist-info"}
    tables = {name for name in held if name.endswith((".pyc", ".csv", ".xlsx"))}
    assert {name.rpartition("/")[0] for name in tables} == {"dq/_policy/data/published"}, "no record"


def test_versions_agree(wheel: Path, installed: Installed, tmp_path: Path) -> None:
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    read = "from importlib.metadata import version; print(version('plumbline-dq'))"
    assert __version__ == declared
    assert wheel.name.split("-")[1] == declared
    assert installed.run(tmp_path, "dq", "--version").stdout.split()[-1] == declared
    assert installed.run(tmp_path, "python", "-c", read).stdout.strip() == declared


def test_the_installed_package_is_not_the_checkout(installed: Installed, tmp_path: Path) -> None:
    told = installed.run(tmp_path, "python", "-c", "import dq; print(dq.__file__)")
    assert Path(told.stdout.strip()).is_relative_to(installed.scripts.parent)


def test_the_installed_policy_agrees_with_its_examples(installed: Installed, tmp_path: Path) -> None:
    # The files are those of the checkout, byte for byte, and all of its examples are run there: here some are enough.
    done = installed.run(tmp_path, "dq", "rules", "test", "visits")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.endswith(", 0 disagree\n")


def test_the_demonstration_runs_where_it_is_installed(installed: Installed, tmp_path: Path) -> None:
    # A fault of each kind is many for a village of 400: the gate stops it, and says so however quiet it must be.
    done = installed.run(tmp_path, "dq", "demo", "--children", "400", "-q")
    assert (done.returncode, done.stderr) == (1, "")
    assert "Gate: Stop" in done.stdout
    assert "smaller than expected" not in done.stdout, "it expects a village"
    assert [path.name for path in tmp_path.iterdir()] == ["plumbline-demo"]
    out = tmp_path / "plumbline-demo" / "out" / "2016-08"
    why = (out / "run.json").read_text(encoding="utf-8")
    assert "more than the 10 at which figures can no longer be relied on" in why
    assert {"index.html", "scorecard.xlsx", "exceptions.csv"} <= {path.name for path in out.iterdir()}
