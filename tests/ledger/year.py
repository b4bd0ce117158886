"""A year of an authority, month after month, and whether every exception stands as the simulation says it must.

``make year`` prints how many stood how in every month, and each that stood otherwise.
"""

from __future__ import annotations

import argparse
import datetime as dt
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from months import Authority
from year_truth import Extracts, Truth, Year

from dq.ledger.queries import past_runs, standing_at
from dq.ledger.store import open_ledger
from dq.library.folders import policy_root
from dq.periods import months_before
from dq.sample.defects.defect import Flag

FIRST = dt.date(2016, 8, 31)
STATES = ("new", "open", "reopened", "fixed", "blanked", "vanished", "out_of_scope")
REWORDED, REDEFINED = "move-without-reason", "cin-child-seen-missing"
"""The rules that change during the year: one in its words, one in what it means."""


@dataclass(frozen=True)
class Month:
    """How exceptions stood at the end of a month by the simulation, and where the ledger says otherwise."""

    end: dt.date
    stands: Counter[str]
    wrong: tuple[str, ...]


def period(month: int) -> dt.date:
    """Return the end of a month of the year."""
    return months_before(FIRST, -month)


def follow(folder: Path, scale: float, seed: int, months: int = 12) -> tuple[list[str], int, Iterator[Month]]:
    """Return the rules that are followed, of how many, and the months as they are run.

    Of a rule that asks how long ago something was, the month itself changes what it finds; the simulation knows the
    faults and not the calendar, so it follows those rules alone that say the same at either end of the year.
    """
    kent = Authority(folder, reference=frozenset({"calendar", "postcodes"}))
    fields = {name: bound.rule.fields for name, bound in kent.library.rules.items()}
    year = Year(folder / "made", scale, seed, fields, months)
    followed = _steady(kent, year, folder / "probe")
    return sorted(followed), len(fields), _months(kent, year, followed)


def _months(kent: Authority, year: Year, followed: set[str]) -> Iterator[Month]:
    truth = Truth()
    changes = {
        year.months // 3: (REWORDED, ("title: ", "title: In other words, ")),
        year.months * 2 // 3: (REDEFINED, ("severity: error", "severity: query")),
    }
    for month in range(year.months):
        rule, change = changes.get(month, ("", ("", "")))
        if rule:
            _rewrite(kent, rule, change)
        went = year.went(month) if month else {}
        truth.month(month, year.flags(month), went, rule if rule == REDEFINED else None)
        write_month(kent, year.extracts(month), month)
        kent.run(f"{period(month):%Y-%m}")
        yield _compared(kent, truth, month, followed)


def _compared(kent: Authority, truth: Truth, month: int, followed: set[str]) -> Month:
    told = _standing(kent, month)
    must = {flag: state for flag, state in truth.stands.items() if flag[0] in followed}
    is_said = {flag: state for flag, state in told.items() if flag[0] in followed}
    wrong = [
        f"{flag[0]} {flag[1]}: must be {must.get(flag)}, is {is_said.get(flag)}"
        for flag in sorted(must.keys() | is_said.keys())
        if must.get(flag) != is_said.get(flag)
    ]
    for (rule, key), state in is_said.items():
        listed = kent.listed.get((f"{period(month):%Y-%m}", rule), {}).get(key)
        began = truth.began.get((rule, key))
        if listed is not None and began is not None and listed["first_seen"] != period(began):
            wrong.append(f"{rule} {key}: {state} since {period(began)}, is said to be since {listed['first_seen']}")
    return Month(period(month), Counter(must.values()), tuple(wrong))


def _standing(kent: Authority, month: int) -> dict[Flag, str]:
    """Return how every exception stands that there has been: listed if it is there, in the ledger if it is not."""
    with open_ledger(kent.ledger, kent.folder, None) as ledger, ledger.reading() as connection:
        rows = standing_at(connection, past_runs(connection)[-1]).values()
        told = {(row.rule_id, row.record_key): row.state for row in rows}
    for (of, rule), found in kent.listed.items():
        if of == f"{period(month):%Y-%m}":
            told |= {(rule, key): row["state"] for key, row in found.items()}
    return told


def _steady(kent: Authority, year: Year, folder: Path) -> set[str]:
    """Return the rules that at both ends of the year find what they must in all faults, and nothing without."""
    rules = set(kent.library.rules)
    last = year.months - 1
    for (extracts, must), month in ((year.all_at_once(), 0), (year.all_at_once(), last), ((year.sound, set()), last)):
        probe = Authority(folder, ledger="none", reference=kent.reference)
        folder.mkdir(exist_ok=True)
        write_month(probe, extracts, 0)
        probe.run(f"{period(month):%Y-%m}")
        found = {(rule, key) for (_, rule), rows in probe.listed.items() for key in rows}
        rules -= {rule for rule, _ in found ^ must}
    return rules


def write_month(kent: Authority, extracts: Extracts, month: int, more: Sequence[str] = ()) -> None:
    """Write the extracts in place of those before, in every second month under names with capitals and spaces.

    ``more`` are headings that no contract has.
    """
    shutil.rmtree(kent.folder / "extracts", ignore_errors=True)
    for extract, rows in ((extract, extracts[extract]) for extract in kent.library.contracts if extract in extracts):
        kent.write(extract, rows, file=extract if month % 2 == 0 else extract.replace("_", " ").title(), more=more)


def _rewrite(kent: Authority, rule: str, change: tuple[str, str]) -> None:
    """Put a changed rule of the project's own in the place of the shipped one."""
    (path,) = (policy_root() / "rules").rglob(f"{rule}.yaml")
    own = kent.folder / path.relative_to(policy_root())
    own.parent.mkdir(parents=True, exist_ok=True)
    own.write_text(path.read_text(encoding="utf-8").replace(*change, 1), encoding="utf-8")
    del kent.library


def main() -> int:
    """Print the year; return 1 where anything stood otherwise than it must."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--scale", type=float, default=0.06, help="how large the authority is, against Kent")
    options.add_argument("--seed", type=int, default=1)
    asked = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="plumbline-") as place:
        followed, rules, months = follow(Path(place), asked.scale, asked.seed)
        print(f"{len(followed):,} of {rules:,} rules are followed: what they find does not hang on the month itself")
        print(f"{'month':<9}" + "".join(f"{state.replace('_', ' '):>14}" for state in STATES) + f"{'otherwise':>12}")
        otherwise = stood = 0
        for month in months:
            counts = "".join(f"{month.stands[state]:>14,}" for state in STATES)
            print(f"{month.end:%Y-%m}  {counts}{len(month.wrong):>12,}", flush=True)
            print("".join(f"    {line}\n" for line in month.wrong), end="")
            otherwise, stood = otherwise + len(month.wrong), stood + month.stands.total()
    print(f"{stood - otherwise:,} of {stood:,} stood as they must")
    return 1 if otherwise else 0


if __name__ == "__main__":
    sys.exit(main())
