"""Kill a program that checks, enters and answers month after month, at random moments, and look at the ledger.

``python tests/ledger/kills.py --kills 200`` does it as often; the suite does a few.
"""

from __future__ import annotations

import argparse
import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
PROGRAM = """
import datetime as dt, sys
from pathlib import Path
from dq.library import folders
if sys.argv[2]:
    folders._PACKAGE = Path(sys.argv[2])
from dq.ledger.responses import Returned, Sent, enter, hold_against
from dq.ledger.store import open_ledger
from months import Authority, placement
RULE = "placement-postcode-missing"
folder = Path(sys.argv[1])
kent = Authority(folder, (RULE,))
kent.library
today = dt.date(2030, 1, 1)
print("ready", flush=True)
for turn in range(int(sys.argv[3]), 100_000):
    month = f"{2000 + turn // 12 % 90}-{turn % 12 + 1:02d}"
    faulty = lambda i: "" if (i + turn) % 3 else "ME14 1XX"
    run_id = kent.run(month, *[placement(f"P{i}", postcode=faulty(i)) for i in range(300)]).run_id
    ids = [row["exception_id"] for row in kent.listed[month, RULE].values()]
    with open_ledger("sqlite:///ledger.sqlite", folder, None) as ledger, ledger.writing() as connection:
        rows = [
            Returned(folder, i, one, None, RULE, run_id, "Right as recorded", f"turn {turn}", None, None)
            for i, one in enumerate(ids)
        ]
        problems, taken = hold_against(Sent(connection, "Kent", "casework"), rows, today)
        assert not problems, problems[:3]
        enter(connection, taken, 1)
    print(turn, flush=True)
"""


def kill_and_look(folder: Path, kills: int, seed: int) -> str:
    """Kill the program so often, look each time, and say what was found. Raises AssertionError for anything partial."""
    from dq.ledger.store import open_ledger
    from dq.ledger.verify import verify

    chance, turn, runs, answers = random.Random(seed), 0, 0, 0
    paths = os.pathsep.join([str(ROOT), str(HERE), str(HERE.parent)])
    for _ in range(kills):
        command = [sys.executable, "-c", PROGRAM, str(folder), os.environ.get("TESTS_POLICY", ""), str(turn)]
        with subprocess.Popen(
            command, env={**os.environ, "PYTHONPATH": paths}, stdout=subprocess.PIPE, text=True
        ) as one:
            assert one.stdout is not None
            assert one.stdout.readline() == "ready\n"
            done = sum(bool(one.stdout.readline()) for _ in range(chance.randrange(4)))
            time.sleep(chance.uniform(0, 1))
            one.kill()
            turn += done + one.stdout.read().count("\n") + 1
        with open_ledger("sqlite:///ledger.sqlite", folder, None) as ledger, ledger.reading() as connection:
            said = dict(connection.exec_driver_sql("SELECT kind, count(*) FROM entry GROUP BY 1").fetchall())
            whole = connection.exec_driver_sql(
                "SELECT count(*) FROM run JOIN rule_result USING (entry) JOIN decision ON decision.run = run.entry"
            ).scalar_one()
            partial = connection.exec_driver_sql(
                "SELECT count(*) FROM (SELECT count(*) AS n FROM response GROUP BY entry) AS x WHERE n NOT IN (200)"
            ).scalar_one()
        runs, answers = said.get("run", 0), said.get("response", 0)
        assert (whole, partial, said.get("decision", 0)) == (runs, 0, runs)
        with open_ledger("sqlite:///ledger.sqlite", folder, None) as ledger:
            assert verify(ledger).faults == ()
    return f"{kills} kills: {runs} runs and {answers} returns of 200 answers entered, each whole; the chain is intact"


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    sys.path[:0] = [str(ROOT), str(HERE), str(HERE.parent)]
    with tempfile.TemporaryDirectory(prefix="plumbline-") as place:
        print(kill_and_look(Path(place), given.kills, given.seed))
