"""What the ledger adds to a run: processor time, as a ratio to the same run without it, in one process.

``python -m tests.bench.ledger --records 1000000`` makes so many placements, each an open exception of one rule: the run
that does least beside its ledger. Run are the month that enters them all, one in which nothing has changed, and one in
which all are put right.
"""

from __future__ import annotations

import argparse
import resource
import sys
import tempfile
import time
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parents[1] / "ledger"), str(Path(__file__).resolve().parents[1])]

from months import Authority, placement  # noqa: E402 - found beside the tests of the ledger

RULE = "placement-postcode-missing"
MONTHS = {"all are new": ("2016-07", ""), "all stand": ("2016-08", ""), "all are fixed": ("2016-09", "ME14 1XX")}


def seconds(kent: Authority, period: str) -> float:
    """Return how much processor time a month takes, of all threads: a busy machine changes that least."""
    began = time.process_time()
    kent.run(period)
    return time.process_time() - began


def main() -> None:
    """Print, for each month, seconds of processor time with and without a ledger, and what it adds as a share."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--records", type=int, default=100_000)
    options.add_argument(
        "--ledger", default="sqlite:///ledger.sqlite", help="an empty PostgreSQL database, if not SQLite"
    )
    asked = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="plumbline-") as place:
        with_ledger = Authority(Path(place), (RULE,), ledger=asked.ledger, lists=False)
        without = Authority(Path(place), (RULE,), ledger="none", lists=False)
        with_ledger.run("2016-06", placement("P0"))  # so that there is something to compare with, and all is loaded
        without.run("2016-06")
        print(f"{asked.records:,} exceptions  without  with  adds")
        for what, (period, postcode) in MONTHS.items():
            rows = (placement(f"P{i}", postcode=postcode) for i in range(asked.records))
            with_ledger.write("cla_placements", rows)
            least, most = seconds(without, period), seconds(with_ledger, period)
            print(f"{what:<16}{least:>10.2f}{most:>8.2f}{(most - least) / least:>8.2f}", flush=True)
        held = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
        print(f"at most {held:,.0f} MB were held at once")


if __name__ == "__main__":
    main()
