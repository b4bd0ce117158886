"""How the nowcast of late recording fared: what was published as recorded, the nowcast, and the figure as it became.

Run with ``make backtest``. Of sample authorities, at each of twelve month ends, the extracts are put back to the day
they would have been taken on, by the day each record was entered; later everybody knows what the figure became. The
sample enters everything within four working days; ``slow`` draws the entry of visits and reviews anew, by team, with
slow months and with some that are forgotten for weeks, so that its truth is known.
"""

from __future__ import annotations

import argparse
import datetime as dt
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from dq.indicators.compute import ScopeKey, Tallies, tally_all
from dq.indicators.lateness import late_of
from dq.indicators.nowcast import nowcasts
from dq.library.load import load_library
from dq.library.policy import BoundIndicator, Library
from dq.periods import month_ends, months_before
from dq.sample import write_sample
from dq.sources.load import load_folder
from dq.workspace import Workspace, name, open_workspace

LAST = dt.date(2016, 7, 31)
"""The month before the sample's last: what became of the last month nobody knows."""
HISTORY = dt.date(2013, 9, 1)
MONTHS = 12
SETTINGS = (("sample", 0), ("slow", 0), ("slow", 7))
"""How entry is delayed, and how many days after the month end the extracts are taken."""
WHOLE = "whole"


@dataclass(frozen=True)
class Cell:
    """One figure at one month end: as recorded on the day, as it was expected to become, and as it became."""

    recorded: float
    expected: float
    low: float
    high: float
    final: float

    @property
    def covered(self) -> bool:
        """Whether the figure became one in the interval."""
        return self.low - 1e-9 <= self.final <= self.high + 1e-9


@dataclass
class Fared:
    """The cells of each (measure, level), and how often there was no nowcast."""

    cells: dict[tuple[str, str], list[Cell]] = field(default_factory=lambda: defaultdict(list))
    unsaid: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    def add(self, other: Fared) -> None:
        """Add what another back-test found."""
        for key, cells in other.cells.items():
            self.cells[key] += cells
        for measure, reasons in other.unsaid.items():
            self.unsaid[measure] += reasons


def measures(library: Library) -> list[BoundIndicator]:
    """Return the indicators that say what is entered late, and their splits."""
    late = [bound for bound in library.indicators.values() if bound.indicator.late]
    return [whole.of(split) for whole in late for split in ("all", *whole.splits) if "=" not in split]


def slow_down(workspace: Workspace, library: Library, seed: int) -> None:
    """Draw anew when visits and reviews were entered: each team, and each month, has a pace of its own.

    Days to entry are geometric, of 3 working days in the mean for the usual team in the usual month, and one record in
    twelve takes six times as long. Chance is a hash of the key, so that it is the same for the same seed.
    """
    workspace.execute(
        """
        CREATE OR REPLACE TEMP MACRO chance(what, seed) AS
            (hash(concat(what, '/', seed)) % 1000000007 + 0.5) / 1000000007.0;
        CREATE OR REPLACE TEMP MACRO normal(what, seed) AS
            sqrt(-2 * ln(chance(what, seed))) * cos(2 * pi() * chance(what, seed + 1000));
        CREATE OR REPLACE TEMP TABLE teams_of AS
        SELECT person_id, arg_max(team_id, start_date) AS team_id FROM involvements
        WHERE team_id IS NOT NULL AND person_id IS NOT NULL GROUP BY person_id
        """
    )
    for late in {late for bound in measures(library) if (late := late_of(library, bound))}:
        if late.extract == "missing_episodes":
            continue
        contract = library.contracts[late.extract]
        key, person, day = name(contract.key), contract.person, name(late.happened)
        mean = f"3 * exp(0.6 * normal(coalesce(team_id, '-'), {seed}) + 0.2 * normal(strftime({day}, '%Y-%m'), {seed}))"
        often = f"CASE WHEN chance({key}, {seed + 1}) < 1 / 12 THEN 6 ELSE 1 END"
        wait = f"CAST(floor(-ln(chance({key}, {seed + 2})) * {mean} * {often}) AS INT)"
        workspace.execute(
            f"""
            CREATE OR REPLACE TABLE {late.extract} AS
            SELECT record.* REPLACE (
                CASE WHEN {day} IS NULL THEN {late.entered}
                     ELSE CAST(greatest({day}, calendar_after({day}, {wait})) AS DATE) END AS {late.entered})
            FROM {late.extract} AS record LEFT JOIN teams_of ON teams_of.person_id = record.{person}
            """
        )


def back_test(
    workspace: Workspace, library: Library, asked: Sequence[BoundIndicator], ends: Sequence[dt.date], days: int
) -> Fared:
    """Return how nowcasts at some month ends fared, of extracts taken so many days after each."""
    dated = [contract for contract in library.contracts.values() if contract.entered is not None]
    workspace.execute(f"CREATE SCHEMA IF NOT EXISTS {WHOLE}")
    for contract in dated:
        workspace.execute(f"CREATE OR REPLACE TABLE {WHOLE}.{contract.name} AS FROM main.{contract.name}")
    final = {end: _tallies(workspace, library, asked, end) for end in ends}
    fared = Fared()
    for end in ends:
        known = end + dt.timedelta(days=days)
        for contract in dated:
            workspace.execute(
                f"CREATE OR REPLACE TABLE main.{contract.name} AS FROM {WHOLE}.{contract.name} "
                f"WHERE {contract.entered} IS NULL OR {contract.entered} <= DATE '{known}'"
            )
        then = _tallies(workspace, library, asked, end)
        expected = nowcasts(workspace, library, asked, then, end, lambda _: None)
        for bound in asked:
            for scope, nowcast in expected[bound.id].items():
                if nowcast.expected is None:
                    fared.unsaid[bound.id].append(nowcast.reason)
                    continue
                assert nowcast.low is not None
                assert nowcast.high is not None
                recorded, became = _value(then, bound, scope, end), _value(final[end], bound, scope, end)
                if recorded is not None and became is not None:
                    cell = Cell(recorded, nowcast.expected, nowcast.low, nowcast.high, became)
                    fared.cells[bound.id, scope[0]].append(cell)
    for contract in dated:
        workspace.execute(f"CREATE OR REPLACE TABLE main.{contract.name} AS FROM {WHOLE}.{contract.name}")
    return fared


def _tallies(workspace: Workspace, library: Library, asked: Sequence[BoundIndicator], end: dt.date) -> Tallies:
    """Return the tallies at one month end alone, which know how far back the records reach."""
    reach = {bound.id: month_ends(bound.indicator, end, HISTORY) for bound in asked}
    return replace(tally_all(workspace, library, asked, end, None, lambda _: None), ends=reach)


def _value(tallies: Tallies, bound: BoundIndicator, scope: ScopeKey, end: dt.date) -> float | None:
    tally = tallies.at(bound, scope, end)
    return None if tally is None else tally.value(bound.indicator.unit)


def table(fared: Fared) -> Iterator[str]:
    """Yield the lines of a table: a row for each measure and level."""
    yield f"{'measure':<34}{'level':<11}{'cells':>6}{'as recorded':>13}{'nowcast':>9}{'width':>8}{'in interval':>13}"
    for (measure, level), cells in sorted(fared.cells.items()):
        n = len(cells)
        recorded = sum(abs(cell.recorded - cell.final) for cell in cells) / n
        expected = sum(abs(cell.expected - cell.final) for cell in cells) / n
        width = sum(cell.high - cell.low for cell in cells) / n
        covered = sum(cell.covered for cell in cells) / n
        yield f"{measure:<34}{level:<11}{n:>6}{recorded:>13.2f}{expected:>9.2f}{width:>8.2f}{covered:>13.0%}"
    for measure, reasons in sorted(fared.unsaid.items()):
        yield f"{measure}: no nowcast {len(reasons)} times, as: {reasons[-1]}"


def main() -> None:
    """Print, for each way of entering late, the mean error of as recorded and of the nowcast, and the coverage."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--scale", type=float, default=0.3, help="how large the authorities are, against Kent")
    options.add_argument("--seeds", type=int, default=3, help="how many authorities")
    options.add_argument("--months", type=int, default=MONTHS, help="how many month ends of each")
    asked = options.parse_args()
    library = load_library()
    ends = [months_before(LAST, back) for back in range(asked.months)]
    fared = {setting: Fared() for setting in SETTINGS}
    for seed in range(1, asked.seeds + 1):
        with tempfile.TemporaryDirectory() as folder, open_workspace() as workspace:
            write_sample("kent-2016-08", Path(folder) / "extracts", seed=seed, scale=asked.scale)
            load_folder(workspace, Path(folder) / "extracts", library.contracts, lambda _: None)
            for entry, days in SETTINGS:
                if entry == "slow":
                    slow_down(workspace, library, seed)
                fared[entry, days].add(back_test(workspace, library, measures(library), ends, days))
    for (entry, days), found in fared.items():
        print(f"\nentry as in: {entry}; extracts taken {days} days after the month end")
        print("\n".join(table(found)))


if __name__ == "__main__":
    main()
