"""Who takes part: what each runs as a process, and where it leaves what it found."""

from __future__ import annotations

import compileall
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parent.parent

BASE = "fused SQL by hand"
OURS = "Plumbline"
PEERS = {
    "Polars streaming by hand": "polars_by_hand",
    "DuckDB, a query for each rule": "duckdb_each_rule",
    "pandas by hand": "pandas_by_hand",
    "Pandera on Polars": "pandera_polars",
    "Pandera on pandas": "pandera_pandas",
    "Pandera on Ibis (DuckDB)": "pandera_ibis",
    "dataframely": "dataframely_polars",
    "pointblank (Polars)": "pointblank_polars",
    "cuallee (Polars)": "cuallee_polars",
    "cuallee (DuckDB)": "cuallee_duckdb",
    "Soda (DuckDB)": "soda_duckdb_counts",
    "Great Expectations on pandas": "gx_pandas",
    "Great Expectations on PostgreSQL": "gx_postgres",
}
ON_POSTGRES = "Great Expectations on PostgreSQL"

NOT_ASKED = "contract.placements.placement_id.unique"
"""The contract's rule on the key of placements follows of itself; nobody else here is asked it."""

_PROJECT = """\
authority: Bench
dataset: bench
scorecard: plain
extracts: {data}
period: 2016-08
"""


@dataclass(frozen=True)
class Places:
    """Where things are in one round: the extracts, a folder for results, the two Pythons, the database if any."""

    data: Path
    scratch: Path
    python: str
    peers_python: str
    address: str | None


@dataclass(frozen=True)
class Contender:
    """``prepare`` makes ready for a run, untimed; ``command`` is what is timed; ``result`` what it writes."""

    name: str
    command: Callable[[Places], list[str]]
    result: Callable[[Places], Path]
    prepare: Callable[[Places], None] = lambda _: None
    fine: tuple[int, ...] = (0,)


def base() -> Contender:
    """Return the yardstick: the same rules as one statement by hand."""

    def command(places: Places) -> list[str]:
        return [places.python, str(HERE / "fused.py"), str(places.data), str(_file(places, "fused"))]

    return Contender(BASE, command, lambda places: _file(places, "fused"))


def ours() -> Contender:
    """Return this engine, as its users run it to write what everybody writes here: rules and keys."""

    def command(places: Places) -> list[str]:
        project, out = places.scratch / "project", places.scratch / "ours"
        asked = ["--keys-as", "parquet", "--rules", f"!{NOT_ASKED}"]
        return [places.python, "-m", "dq", "check", str(project), *asked, "--out", str(out), "--quiet"]

    def prepare(places: Places) -> None:
        # As pip does with what it installs, and has done with every library here; a checkout may not have been run yet.
        compileall.compile_dir(ROOT / "dq", quiet=1)
        shutil.rmtree(places.scratch / "ours", ignore_errors=True)
        project = places.scratch / "project"
        shutil.copytree(HERE / "project", project, dirs_exist_ok=True)
        (project / "dq.yaml").write_text(_PROJECT.format(data=places.data), encoding="utf-8")

    # Exit code 1 says that the figures may not be published; the check itself is done.
    return Contender(OURS, command, lambda places: places.scratch / "ours" / "keys.parquet", prepare, (0, 1))


def peer(name: str) -> Contender:
    """Return another tool, by its name in the table."""
    script = PEERS[name]

    def command(places: Places) -> list[str]:
        words = [places.peers_python, str(HERE / "peers" / f"{script}.py"), str(places.data)]
        return [
            *words,
            str(_file(places, script)),
            *([places.address] if name == ON_POSTGRES and places.address else []),
        ]

    return Contender(name, command, lambda places: _file(places, script))


def _file(places: Places, name: str) -> Path:
    return places.scratch / f"{name}.parquet"
