"""The statutory packs beside other validators on random returns, as whole processes: ``make statutory-bench``.

For each pack and size a return is made; the other validator and ours run on it one after the other, as many times as
asked. Told are ratios, other to ours: processor time, which a busy neighbour hardly changes, wall time, and peak
memory. Like is held against like: to find what is wrong, where ours writes a rule and a key for each; and to list it
in words, as both do for people. The other validator of the census always lists.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import sys
import tempfile
from pathlib import Path

from tests.bench.contenders import ROOT
from tests.bench.measure import Limits, Measured, measure
from tests.statutory import random_903, random_cin
from tests.statutory.beside import KENT, PEERS

_PROJECT = "authority: Bench\ndataset: {pack}\nscorecard: none\nlocal_authority: {kent}\nextracts: extracts\n"
Command = list[str]
_LIMITS = Limits(600, 8_000_000_000)


def main(words: list[str] | None = None) -> None:
    """Run the bench that the words ask for, and print a row for each pack and size."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--packs", nargs="*", default=["ssda903", "cin"])
    parser.add_argument("--sizes", type=int, nargs="*", default=[1_000, 5_000, 20_000], help="children")
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--spoiled", type=float, default=0.01)
    parser.add_argument("--peers-python", default=".statutory-venv/bin/python")
    asked = parser.parse_args(words)
    python = str(Path(asked.peers_python).absolute())
    print("| pack | children | what | processor time, other ÷ ours | wall time | peak memory | processor s | GB |")
    print("|---|---|---|---|---|---|---|---|")
    for pack in asked.packs:
        for size in asked.sizes:
            with tempfile.TemporaryDirectory() as folder:
                for what, other, ours in _commands(pack, size, Path(folder), python, asked.spoiled):
                    print(_row(f"{pack} | {size:,} | {what}", other, ours, Path(folder), asked.rounds), flush=True)


def _commands(pack: str, size: int, folder: Path, python: str, spoiled: float) -> list[tuple[str, Command, Command]]:
    """Make a return, and return what is asked of both with the command of each."""
    project, out, said = folder / "project", folder / "out", str(folder / "said.csv")
    project.mkdir()
    (project / "dq.yaml").write_text(_PROJECT.format(pack=pack, kent=KENT), encoding="utf-8")
    extracts = project / "extracts"
    if pack == "ssda903":
        random_903.write(extracts, size, 1, spoiled, random_903.STOPPING)
        other = [python, "-W", "ignore", str(PEERS / "lac.py"), str(extracts), KENT, "2026", said]
    else:
        extracts.mkdir()
        random_cin.write(extracts / "return.xml", size, 1, spoiled)
        other = [python, "-W", "ignore", str(PEERS / "cin.py"), str(extracts / "return.xml"), "2026", said]
    ours = [sys.executable, "-m", "dq", "check", str(project), "--year", "2026", "--out", str(out), "--quiet"]
    if pack == "cin":
        return [("listed", other, ours)]
    return [("found", other, [*ours, "--keys"]), ("listed", [*other, "--report"], ours)]


def _row(of: str, other: Command, ours: Command, folder: Path, rounds: int) -> str:
    _once(ours, folder)  # brings the files, the rules and the postcodes to hand
    return _told(of, [(_once(other, folder), _once(ours, folder)) for _ in range(rounds)])


def _once(command: Command, folder: Path) -> Measured:
    shutil.rmtree(folder / "out", ignore_errors=True)
    return measure(command, _LIMITS, folder / "log.txt", ROOT)


def _told(of: str, pairs: list[tuple[Measured, Measured]]) -> str:
    bad = next((run for pair in pairs for run in pair if run.stopped or run.code), None)
    if bad is not None:
        who = "the other" if any(bad is other for other, _ in pairs) else "ours"
        return f"| {of} | {who} {bad.stopped or f'failed with {bad.code}'} | – | – | – | – |"

    def ratio(of: str) -> float:
        return statistics.median(getattr(other, of) / getattr(ours, of) for other, ours in pairs)

    cpu, peak = (
        [statistics.median(getattr(pair[who], of) for pair in pairs) for who in (0, 1)] for of in ("cpu", "peak")
    )
    return (
        f"| {of} | {ratio('cpu'):.1f} | {ratio('seconds'):.1f} | {ratio('peak'):.1f} "
        f"| {cpu[0]:.1f}, {cpu[1]:.1f} | {peak[0] / 1e9:.2f}, {peak[1] / 1e9:.2f} |"
    )


if __name__ == "__main__":
    main()
