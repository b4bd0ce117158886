"""The bench: the same 20 rules by this engine, by hand-written SQL and by other tools, as whole processes.

``python -m tests.bench.run --sizes 1m,10m --rounds 3`` prints a table for each size and variant: wall time as a ratio
to the hand-written SQL, which runs just before each contender, so that a busy machine slows both.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path

from tests.bench import make_data, server
from tests.bench.contenders import BASE, ON_POSTGRES, OURS, PEERS, ROOT, Contender, Places, base, ours, peer
from tests.bench.measure import Limits, Measured, measure
from tests.bench.same import Found, found, verdict
from tests.bench.tables import Line, growth, table

_UNITS = {"k": 1_000, "m": 1_000_000}


@dataclass
class Score:
    """What one contender did in a size and variant: its runs, the runs of the base before them, and the outcome."""

    name: str
    runs: list[Measured] = field(default_factory=list)
    bases: list[Measured] = field(default_factory=list)
    outcome: str = "not run"
    out: bool = False


def main(words: list[str] | None = None) -> None:
    """Run the bench that ``words`` ask for and print its tables."""
    asked = _asked(words)
    wanted = [_contender(name) for name in asked.peers]
    limits = Limits(asked.limit_seconds, int(asked.limit_gb * 1e9))
    lines: list[Line] = []
    with _database(needed=ON_POSTGRES in asked.peers) as address, tempfile.TemporaryDirectory() as scratch:
        for size in asked.sizes:
            for variant in asked.variants:
                data = _data(asked.data, size, variant)
                places = Places(data, Path(scratch), sys.executable, asked.peers_python, address)
                if address:
                    server.fill(address, data)
                scores = _scores(places, wanted, limits, asked.rounds)
                made = [Line.of(size, variant, score.name, score.runs, score.bases, score.outcome) for score in scores]
                print(table(size, variant, made), flush=True)
                _save(asked.save, size, variant, scores)
                lines += made
    if len(asked.sizes) > 1:
        print(growth(lines))


def _scores(places: Places, wanted: list[Contender], limits: Limits, rounds: int) -> list[Score]:
    yardstick = base()
    # The first run of all is not counted: it brings the files into the machine's memory.
    _once(yardstick, places, limits)
    truth = found(yardstick.result(places))
    scores = [Score(contender.name) for contender in wanted]
    for number in range(rounds):
        for contender, score in zip(wanted, scores, strict=True):
            if score.out:
                continue
            before = _once(yardstick, places, limits)
            run = _once(contender, places, limits)
            score.outcome, score.out = _outcome(contender, places, run, truth)
            if not score.out:
                score.runs.append(run)
                score.bases.append(before)
            said = f"{run.seconds:.2f} s, base {before.seconds:.2f} s, {run.peak / 1e9:.2f} GB: {score.outcome}"
            print(f"round {number + 1}: {contender.name}: {said}", file=sys.stderr, flush=True)
    whole = [run for score in scores for run in score.bases]
    return [Score(BASE, whole, whole, "yes"), *scores]


def _once(contender: Contender, places: Places, limits: Limits) -> Measured:
    contender.prepare(places)
    contender.result(places).unlink(missing_ok=True)
    return measure(contender.command(places), limits, _log(places), ROOT)


def _log(places: Places) -> Path:
    return places.scratch / "log.txt"


def _outcome(contender: Contender, places: Places, run: Measured, truth: Found) -> tuple[str, bool]:
    """Return what to say of a run, and whether the contender is out."""
    if run.stopped:
        return run.stopped, True
    if contender.name == ON_POSTGRES and places.address is None:
        return "not run: there is no PostgreSQL on this machine", True
    if run.code not in contender.fine:
        last = (_log(places).read_text(errors="replace").strip().splitlines() or ["it said nothing"])[-1]
        return f"failed with {run.code}: {last[:160]}", True
    return verdict(truth, found(contender.result(places))), False


def _contender(name: str) -> Contender:
    return ours() if name == OURS else peer(name)


@contextlib.contextmanager
def _database(*, needed: bool) -> Iterator[str | None]:
    if not needed:
        yield None
        return
    with server.server() as address:
        yield address


def _data(folder: Path, size: str, variant: str) -> Path:
    """Return the folder of the extracts, made if they are not there yet."""
    place = folder / f"{size}-{variant}"
    if not (place / "placements.parquet").exists():
        print(f"making {place}", file=sys.stderr, flush=True)
        make_data.make(place, _rows(size), variant)
    return place.resolve()


def _rows(size: str) -> int:
    return int(size[:-1]) * _UNITS[size[-1]] if size[-1] in _UNITS else int(size)


def _save(file: Path | None, size: str, variant: str, scores: list[Score]) -> None:
    if file is None:
        return
    with file.open("a", encoding="utf-8") as lines:
        for score in scores:
            lines.write(json.dumps({"size": size, "variant": variant, **asdict(score)}) + "\n")


def _asked(words: list[str] | None) -> argparse.Namespace:
    names = [OURS, *PEERS]
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=_list, default=["1m", "10m", "50m"], help="rows, such as 100k,1m,10m,50m")
    parser.add_argument("--variants", type=_list, default=["few", "many"], help="few, many or both")
    parser.add_argument("--peers", type=lambda text: _some(text, names), default=names, help="; ".join(names))
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--data", type=Path, default=Path(".bench-data"), help="where extracts are made and kept")
    parser.add_argument("--peers-python", default=".bench-venv/bin/python", help="the Python that has the other tools")
    parser.add_argument("--limit-seconds", type=float, default=900.0, help="a run that takes longer is stopped")
    parser.add_argument("--limit-gb", type=float, default=round(0.8 * memory, 1), help="so is one that holds more")
    parser.add_argument("--save", type=Path, help="add every run to this file, a line of JSON for each contender")
    chosen = parser.parse_args(words)
    # Not resolved: the Python of an environment is a link, and through it the environment would be lost.
    chosen.peers_python = str(Path(chosen.peers_python).absolute())
    if chosen.peers != [OURS] and not Path(chosen.peers_python).exists():
        parser.error(f"there is no {chosen.peers_python}; `make bench` makes it, or say --peers-python")
    return chosen


def _list(text: str) -> list[str]:
    return [word.strip() for word in text.split(",")]


def _some(text: str, names: list[str]) -> list[str]:
    """Return the ``names`` that hold one of the comma-separated words of ``text``, whatever its case."""
    chosen = [name for name in names if any(word.strip().lower() in name.lower() for word in text.split(","))]
    if not chosen:
        raise argparse.ArgumentTypeError(f"none of {'; '.join(names)} holds any of {text}")
    return chosen


if __name__ == "__main__":
    main()
