"""A year of an authority in whole runs: the first is made again after the others, and the ledger tells of no child.

``make year`` prints each month, whether the first gives the same bytes, and what the ledger tells that it must not.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from command_line import Ended, dq
from months import Authority
from told import held_in, told_in
from year import period, write_month
from year_truth import Extracts, Year

_NAMES = ("Forename", "Home address", "Case note")
SETTINGS = "authority: Kent\nscorecard: kent-scs\nextracts: extracts\nhistory_from: 2015-07-01\nmay_skip: []\n"


@dataclass
class WholeYear:
    """A project whose months are run one after another, each month's extracts put aside."""

    folder: Path
    scale: float
    seed: int
    months: int = 12

    def __post_init__(self) -> None:
        self.kent = Authority(self.folder)
        fields = {name: bound.rule.fields for name, bound in self.kent.library.rules.items()}
        self._year = Year(self.folder / "made", self.scale, self.seed, fields, self.months)
        (self.folder / "dq.yaml").write_text(SETTINGS, encoding="utf-8")

    @property
    def ledger(self) -> Path:
        return self.folder / "ledger.sqlite"

    def archive(self, month: int) -> Path:
        """Return where the extracts of a month are put aside."""
        return self.folder / "archive" / f"{period(month):%Y-%m}"

    def run(self, month: int) -> Ended:
        """Run a month and publish its figures, whatever the gate says."""
        write_month(self.kent, _with_names(self._year.extracts(month)), month, _NAMES)
        shutil.copytree(self.folder / "extracts", self.archive(month))
        return dq("run", self.folder, "--period", f"{period(month):%Y-%m}", "--override", "Ann Lee: simulated")

    def reproduce(self, month: int) -> Ended:
        """Make the run of a month again, from the extracts that were put aside."""
        named = f"{period(month):%Y-%m}"
        return dq("ledger", "reproduce", named, "--project", self.folder, "--extracts", self.archive(month))

    def told(self) -> list[str]:
        """Return what the ledger tells of what the records held in any month, but for words of the policy's own."""
        library = self.kent.library
        held = set[str]().union(*(held_in(self.archive(month), library.contracts) for month in range(self.months)))
        titles = [bound.indicator.title for bound in library.indicators.values()]
        titles += [line.title or "" for card in library.scorecards.values() for line in card.lines]
        return [text for text in told_in(self.ledger, held) if not any(text in title for title in titles)]


def _with_names(extracts: Extracts) -> Extracts:
    """Return extracts as systems export them: in each record a name, an address and a note that no contract has."""
    return {
        extract: [
            row | dict(zip(_NAMES, (f"Forename {extract} {i}", f"{i} Nowhere Street", f"Note {i}: seen."), strict=True))
            for i, row in enumerate(rows)
        ]
        for extract, rows in extracts.items()
    }


def main() -> int:
    """Print the year; return 1 where anything is otherwise than it must be."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--scale", type=float, default=0.06, help="how large the authority is, against Kent")
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--months", type=int, default=12)
    asked = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="plumbline-") as place:
        year = WholeYear(Path(place), asked.scale, asked.seed, asked.months)
        for month in range(year.months):
            ended = year.run(month)
            print(f"{period(month):%Y-%m}  exit code {ended.code}  {ended.err.strip()}".rstrip(), flush=True)
        again, told = [year.reproduce(month) for month in (0, year.months - 1)], year.told()
        print("".join(one.said for one in again).strip())
        print(dq("ledger", "verify", year.folder).said.strip())
        print(f"the ledger tells {len(told):,} texts of records: {', '.join(told[:5])}".rstrip(": "))
    return 1 if told or any(one.code for one in again) else 0


if __name__ == "__main__":
    sys.exit(main())
